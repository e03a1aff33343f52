import {
  type CallExpression,
  Node,
  type ParameterDeclaration,
  type SourceFile,
  SyntaxKind,
  type VariableDeclaration,
  VariableDeclarationKind,
} from "ts-morph";
import { bare, nameOf } from "./nodes.js";

/** Opens what a file imports by a relative path; `undefined` for anything else. */
export type OpenImport = (from: SourceFile, specifier: string) => SourceFile | undefined;

/** What is known around an expression. */
export interface Around {
  readonly open: OpenImport;
  /** The calls that were under way, the innermost first: they say what parameters stood for. */
  readonly callers: readonly CallExpression[];
}

type Called = Node & Pick<CallExpression, "getExpression" | "getArguments">;

/** Names that are followed before a value is given up. */
const DEPTH = 32;

/**
 * Where a value is written that an expression gives: through names, imports, properties, lists,
 * spreads, enums, and functions that only return something.
 *
 * @param keys - the way from the expression's value to the one that is meant: `["0", "kernel"]`
 * @returns the last node that could be found; `undefined` where the way leads out of what is
 *   written, as into a parameter
 */
export function trace(
  start: Node,
  keys: readonly string[],
  around: Around,
  depth = DEPTH,
): Node | undefined {
  if (depth === 0) return undefined;
  const go = (node: Node | undefined, way: readonly string[]) =>
    node && trace(node, way, around, depth - 1);
  const node = bare(start);
  if (Node.isIdentifier(node)) return fromName(node, keys, around, depth);
  if (Node.isPropertyAccessExpression(node)) {
    return go(node.getExpression(), [node.getName(), ...keys]);
  }
  if (Node.isElementAccessExpression(node)) {
    const key = node.getArgumentExpression();
    const literal = Node.isNumericLiteral(key) || Node.isStringLiteral(key);
    return literal ? go(node.getExpression(), [key.getLiteralText(), ...keys]) : undefined;
  }
  if (Node.isCallExpression(node)) return fromCall(node, keys, around, depth);
  if (Node.isAwaitExpression(node)) return go(node.getExpression(), keys);
  const [key, ...rest] = keys;
  if (key === undefined) return node;
  if (Node.isObjectLiteralExpression(node)) {
    for (const property of node.getProperties().toReversed()) {
      if (Node.isSpreadAssignment(property)) {
        const found = go(property.getExpression(), keys);
        if (found !== undefined) return found;
      } else if (nameOf(property.getNameNode()) === key) {
        if (Node.isPropertyAssignment(property)) return go(property.getInitializer(), rest);
        return Node.isShorthandPropertyAssignment(property)
          ? go(property.getNameNode(), rest)
          : undefined;
      }
    }
    return undefined;
  }
  if (Node.isArrayLiteralExpression(node)) {
    const elements = node.getElements();
    const index = Number(key);
    if (elements.slice(0, index + 1).some(Node.isSpreadElement)) return undefined;
    return go(elements[index], rest);
  }
  return undefined;
}

function fromName(
  name: Node,
  keys: readonly string[],
  around: Around,
  depth: number,
): Node | undefined {
  const parent = name.getParent();
  const symbol = Node.isShorthandPropertyAssignment(parent)
    ? parent.getValueSymbol()
    : name.getSymbol();
  const [declaration] = symbol?.getDeclarations() ?? [];
  return declaration && fromDeclaration(declaration, keys, around, depth - 1);
}

function fromDeclaration(
  declaration: Node,
  keys: readonly string[],
  around: Around,
  depth: number,
): Node | undefined {
  const go = (node: Node | undefined, way: readonly string[]) =>
    node && trace(node, way, around, depth);
  if (Node.isVariableDeclaration(declaration)) {
    return isAssignedAgain(declaration) ? undefined : go(declaration.getInitializer(), keys);
  }
  if (Node.isEnumDeclaration(declaration)) {
    const member = declaration.getMember(keys[0] ?? "");
    return member?.getInitializer() ?? member;
  }
  if (Node.isClassDeclaration(declaration)) {
    const field = declaration.getStaticProperty(keys[0] ?? "");
    return Node.isPropertyDeclaration(field)
      ? go(field.getInitializer(), keys.slice(1))
      : undefined;
  }
  if (Node.isBindingElement(declaration)) {
    const pattern = declaration.getParent();
    const holder = pattern.getParent();
    if (declaration.getDotDotDotToken() !== undefined) return undefined;
    const key = Node.isObjectBindingPattern(pattern)
      ? nameOf(declaration.getPropertyNameNode() ?? declaration.getNameNode())
      : String(pattern.getElements().indexOf(declaration as never));
    const given = fromDeclaration(holder, [key, ...keys], around, depth - 1);
    return given ?? go(declaration.getInitializer(), keys);
  }
  if (Node.isParameterDeclaration(declaration)) {
    return fromParameter(declaration, keys, around, depth);
  }
  if (Node.isImportSpecifier(declaration)) {
    const specifier = declaration.getImportDeclaration().getModuleSpecifierValue();
    const file = around.open(declaration.getSourceFile(), specifier);
    return file && fromExport(file, declaration.getName(), keys, around, depth);
  }
  if (Node.isImportClause(declaration)) {
    const from = declaration.getFirstAncestorByKindOrThrow(SyntaxKind.ImportDeclaration);
    const file = around.open(declaration.getSourceFile(), from.getModuleSpecifierValue());
    return file && fromExport(file, "default", keys, around, depth);
  }
  if (Node.isNamespaceImport(declaration)) {
    const from = declaration.getFirstAncestorByKindOrThrow(SyntaxKind.ImportDeclaration);
    const file = around.open(declaration.getSourceFile(), from.getModuleSpecifierValue());
    const [key = "", ...rest] = keys;
    return file && fromExport(file, key, rest, around, depth);
  }
  return undefined;
}

/** Of a variable that is assigned again nobody knows here what it holds. */
function isAssignedAgain(declaration: VariableDeclaration): boolean {
  const { Const } = VariableDeclarationKind;
  if (declaration.getVariableStatement()?.getDeclarationKind() === Const) return false;
  const name = declaration.getName();
  return declaration
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .some((each) => {
      const token = each.getOperatorToken().getText();
      return (
        /^(\W+)?=$/.test(token) && !/^[=!<>]+=$/.test(token) && each.getLeft().getText() === name
      );
    });
}

/** What a call under way gave for a parameter, else the parameter's default. */
function fromParameter(
  parameter: ParameterDeclaration,
  keys: readonly string[],
  { open, callers }: Around,
  depth: number,
): Node | undefined {
  const [call, ...others] = callers;
  const owner = parameter.getParent();
  const around = { open, callers: others };
  if (call !== undefined && calledBy(call, around, depth) === owner) {
    const given = call.getArguments()[parameter.getChildIndex() / 2];
    if (given !== undefined) return trace(given, keys, around, depth);
  }
  const usual = parameter.getInitializer();
  return usual && trace(usual, keys, around, depth);
}

/** The function that a call calls. */
function calledBy(call: Called, around: Around, depth: number): Node | undefined {
  const name = call.getExpression();
  const found = trace(name, [], around, depth);
  if (found !== undefined) return found;
  return functionOf(name, around);
}

/** A function that is declared by its name, here or in a file that is imported. */
function functionOf(name: Node, { open }: Around): Node | undefined {
  const declaration = name.getSymbol()?.getDeclarations()[0];
  if (!Node.isImportSpecifier(declaration)) return declaration;
  const specifier = declaration.getImportDeclaration().getModuleSpecifierValue();
  return open(declaration.getSourceFile(), specifier)?.getFunction(declaration.getName());
}

/** What a file exports by a name; a JSON file is its own default. */
function fromExport(
  file: SourceFile,
  name: string,
  keys: readonly string[],
  around: Around,
  depth: number,
): Node | undefined {
  if (depth <= 0) return undefined;
  if (file.getExtension() === ".json") {
    const value = file.getFirstDescendantByKind(SyntaxKind.ObjectLiteralExpression);
    return value && trace(value, name === "default" ? keys : [name, ...keys], around, depth - 1);
  }
  if (name === "default") {
    const assigned = file.getExportAssignment((each) => !each.isExportEquals());
    if (assigned) return trace(assigned.getExpression(), keys, around, depth - 1);
  }
  for (const each of file.getVariableStatements().filter((one) => one.isExported())) {
    const found = each.getDeclarations().find((one) => one.getName() === name);
    if (found) return fromDeclaration(found, keys, around, depth - 1);
  }
  const holder = file.getEnum(name) ?? file.getClass(name);
  if (holder?.isExported()) return fromDeclaration(holder, keys, around, depth - 1);
  for (const each of file.getExportDeclarations()) {
    const specifier = each.getModuleSpecifierValue();
    const named = each.getNamedExports();
    const one = named.find((its) => (its.getAliasNode()?.getText() ?? its.getName()) === name);
    if (specifier === undefined) {
      if (one)
        return (
          fromName(one.getNameNode(), keys, around, depth - 1) ??
          local(file, one.getName(), keys, around, depth)
        );
      continue;
    }
    if (one === undefined && named.length > 0) continue;
    const other = around.open(file, specifier);
    const found = other && fromExport(other, one?.getName() ?? name, keys, around, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function local(
  file: SourceFile,
  name: string,
  keys: readonly string[],
  around: Around,
  depth: number,
): Node | undefined {
  const found = file.getVariableDeclaration(name);
  return found && fromDeclaration(found, keys, around, depth - 1);
}

/**
 * A mixer's call has its options in its argument; a function that only returns, what it returns; of
 * any other the call itself is all that is written.
 */
function fromCall(
  call: Called,
  keys: readonly string[],
  around: Around,
  depth: number,
): Node | undefined {
  const [key] = keys;
  if (isDeclaring(call.getExpression())) {
    const options = call.getArguments().at(-1);
    return key === undefined ? call : options && trace(options, keys, around, depth - 1);
  }
  const body = returned(calledBy(call, around, depth - 1));
  if (body !== undefined) return trace(body, keys, around, depth - 1);
  return key === undefined ? call : undefined;
}

/** Whether a function is one of the DSL's, called by its name or through the module. */
function isDeclaring(callee: Node): boolean {
  const name = Node.isPropertyAccessExpression(callee) ? callee.getExpression() : callee;
  const declaration = name.getSymbol()?.getDeclarations()[0];
  const imported = declaration?.getFirstAncestorByKind(SyntaxKind.ImportDeclaration);
  return imported?.getModuleSpecifierValue() === "fovea";
}

/** What a function returns that does nothing else. */
function returned(node: Node | undefined): Node | undefined {
  if (Node.isFunctionDeclaration(node)) {
    const [statement, ...more] = node.getStatements();
    const only = Node.isReturnStatement(statement) && more.length === 0;
    return only ? statement.getExpression() : undefined;
  }
  if (!Node.isArrowFunction(node)) return undefined;
  const body = node.getBody();
  return Node.isBlock(body) ? undefined : body;
}

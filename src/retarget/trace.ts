import { type Expression, Node, type SourceFile, SyntaxKind } from "ts-morph";
import { bare, nameOf } from "./nodes.js";

/** Opens what a file imports by a relative path; `undefined` for anything else. */
export type OpenImport = (from: SourceFile, specifier: string) => SourceFile | undefined;

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
  open: OpenImport,
  depth = DEPTH,
): Node | undefined {
  if (depth === 0) return undefined;
  const go = (node: Node | undefined, way: readonly string[]) =>
    node && trace(node, way, open, depth - 1);
  const node = bare(start);
  if (Node.isIdentifier(node)) return fromName(node, keys, open, depth);
  if (Node.isPropertyAccessExpression(node)) {
    return go(node.getExpression(), [node.getName(), ...keys]);
  }
  if (Node.isElementAccessExpression(node)) {
    const key = node.getArgumentExpression();
    const literal = Node.isNumericLiteral(key) || Node.isStringLiteral(key);
    return literal ? go(node.getExpression(), [key.getLiteralText(), ...keys]) : undefined;
  }
  if (Node.isCallExpression(node)) return fromCall(node, keys, open, depth);
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
        if (!Node.isShorthandPropertyAssignment(property)) return undefined;
        const value = property.getValueSymbol()?.getDeclarations()[0];
        return value && fromDeclaration(value, rest, open, depth - 1);
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
  open: OpenImport,
  depth: number,
): Node | undefined {
  const [declaration] = name.getSymbol()?.getDeclarations() ?? [];
  return declaration && fromDeclaration(declaration, keys, open, depth - 1);
}

function fromDeclaration(
  declaration: Node,
  keys: readonly string[],
  open: OpenImport,
  depth: number,
): Node | undefined {
  const go = (node: Node | undefined, way: readonly string[]) =>
    node && trace(node, way, open, depth);
  if (Node.isVariableDeclaration(declaration)) return go(declaration.getInitializer(), keys);
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
    const given = Node.isVariableDeclaration(holder)
      ? go(holder.getInitializer(), [key, ...keys])
      : undefined;
    return given ?? go(declaration.getInitializer(), keys);
  }
  if (Node.isImportSpecifier(declaration)) {
    const specifier = declaration.getImportDeclaration().getModuleSpecifierValue();
    const file = open(declaration.getSourceFile(), specifier);
    return file && fromExport(file, declaration.getName(), keys, open, depth);
  }
  if (Node.isImportClause(declaration)) {
    const from = declaration.getFirstAncestorByKindOrThrow(SyntaxKind.ImportDeclaration);
    const file = open(declaration.getSourceFile(), from.getModuleSpecifierValue());
    return file && fromExport(file, "default", keys, open, depth);
  }
  if (Node.isNamespaceImport(declaration)) {
    const from = declaration.getFirstAncestorByKindOrThrow(SyntaxKind.ImportDeclaration);
    const file = open(declaration.getSourceFile(), from.getModuleSpecifierValue());
    const [key = "", ...rest] = keys;
    return file && fromExport(file, key, rest, open, depth);
  }
  return undefined;
}

/** What a file exports by a name; a JSON file is its own default. */
function fromExport(
  file: SourceFile,
  name: string,
  keys: readonly string[],
  open: OpenImport,
  depth: number,
): Node | undefined {
  if (depth <= 0) return undefined;
  if (file.getExtension() === ".json") {
    const value = file.getFirstDescendantByKind(SyntaxKind.ObjectLiteralExpression);
    return value && trace(value, name === "default" ? keys : [name, ...keys], open, depth - 1);
  }
  if (name === "default") {
    const assigned = file.getExportAssignment((each) => !each.isExportEquals());
    if (assigned) return trace(assigned.getExpression(), keys, open, depth - 1);
  }
  for (const each of file.getVariableStatements().filter((one) => one.isExported())) {
    const found = each.getDeclarations().find((one) => one.getName() === name);
    if (found) return fromDeclaration(found, keys, open, depth - 1);
  }
  const holder = file.getEnum(name) ?? file.getClass(name);
  if (holder?.isExported()) return fromDeclaration(holder, keys, open, depth - 1);
  for (const each of file.getExportDeclarations()) {
    const specifier = each.getModuleSpecifierValue();
    const named = each.getNamedExports();
    const one = named.find((its) => (its.getAliasNode()?.getText() ?? its.getName()) === name);
    if (specifier === undefined) {
      if (one)
        return (
          fromName(one.getNameNode(), keys, open, depth - 1) ??
          local(file, one.getName(), keys, open, depth)
        );
      continue;
    }
    if (one === undefined && named.length > 0) continue;
    const other = open(file, specifier);
    const found = other && fromExport(other, one?.getName() ?? name, keys, open, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function local(
  file: SourceFile,
  name: string,
  keys: readonly string[],
  open: OpenImport,
  depth: number,
): Node | undefined {
  const found = file.getVariableDeclaration(name);
  return found && fromDeclaration(found, keys, open, depth - 1);
}

/** A mixer's call has its options in its argument; a function that only returns, what it returns. */
function fromCall(
  call: Node & { getExpression(): Expression; getArguments(): Node[] },
  keys: readonly string[],
  open: OpenImport,
  depth: number,
): Node | undefined {
  const [key] = keys;
  if (isDeclaring(call.getExpression())) {
    const options = call.getArguments().at(-1);
    return key === undefined ? call : options && trace(options, keys, open, depth - 1);
  }
  const body = returned(
    trace(call.getExpression(), [], open, depth - 1) ?? call.getExpression(),
    open,
  );
  return body && trace(body, keys, open, depth - 1);
}

/** Whether a function is one of the DSL's, called by its name or through the module. */
function isDeclaring(callee: Node): boolean {
  const name = Node.isPropertyAccessExpression(callee) ? callee.getExpression() : callee;
  const declaration = name.getSymbol()?.getDeclarations()[0];
  const imported = declaration?.getFirstAncestorByKind(SyntaxKind.ImportDeclaration);
  return imported?.getModuleSpecifierValue() === "fovea";
}

/** What a function returns that does nothing else. */
function returned(callee: Node, open: OpenImport): Node | undefined {
  let node: Node | undefined = callee;
  if (Node.isIdentifier(node)) {
    node = node.getSymbol()?.getDeclarations()[0];
    if (Node.isImportSpecifier(node)) {
      const specifier = node.getImportDeclaration().getModuleSpecifierValue();
      node = open(node.getSourceFile(), specifier)?.getFunction(node.getName());
    }
  }
  if (Node.isFunctionDeclaration(node)) {
    const [statement, ...more] = node.getStatements();
    return Node.isReturnStatement(statement) && more.length === 0
      ? statement.getExpression()
      : undefined;
  }
  if (!Node.isArrowFunction(node)) return undefined;
  const body = node.getBody();
  return Node.isBlock(body) ? undefined : body;
}

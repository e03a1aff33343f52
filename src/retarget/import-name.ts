import { type ImportDeclaration, Node, type SourceFile } from "ts-morph";
import type { Span } from "./edit.js";

/** How a file can call one of the DSL's functions, and what makes that possible. */
export interface ImportedName {
  /** `peripheral`, `fovea.peripheral`, or another name that the file gives it. */
  readonly name: string;
  readonly spans: readonly Span[];
}

const MODULE = "fovea";

/** The name of one of the DSL's functions in a file; it is imported where it is not yet. */
export function importName(file: SourceFile, what: string): ImportedName {
  const imports = file
    .getImportDeclarations()
    .filter((each) => each.getModuleSpecifierValue() === MODULE && !each.isTypeOnly());
  for (const each of imports) {
    const named = each.getNamedImports().find((one) => one.getName() === what && !one.isTypeOnly());
    if (named) return { name: named.getAliasNode()?.getText() ?? what, spans: [] };
    const space = each.getNamespaceImport() ?? each.getDefaultImport();
    if (each.getNamespaceImport() && space)
      return { name: `${space.getText()}.${what}`, spans: [] };
  }
  const required = fromRequire(file, what);
  if (required !== undefined) return required;
  const name = isTaken(file, what) ? freeName(file, what) : what;
  const written = name === what ? what : `${what} as ${name}`;
  const first = imports.find((each) => each.getNamedImports().length > 0);
  return { name, spans: [first ? addTo(first, written) : newImport(file, written)] };
}

/** `const { network } = require("fovea")`, `const fovea = await import("fovea")` */
function fromRequire(file: SourceFile, what: string): ImportedName | undefined {
  for (const each of file.getVariableDeclarations()) {
    const value = each.getInitializer();
    const call = Node.isAwaitExpression(value) ? value.getExpression() : value;
    if (!Node.isCallExpression(call)) continue;
    const [module] = call.getArguments();
    const isLoad = ["require", "import"].includes(call.getExpression().getText());
    if (!isLoad || !Node.isStringLiteral(module) || module.getLiteralText() !== MODULE) continue;
    const pattern = each.getNameNode();
    if (!Node.isObjectBindingPattern(pattern)) {
      return { name: `${pattern.getText()}.${what}`, spans: [] };
    }
    const elements = pattern.getElements();
    const known = elements.find(
      (one) => (one.getPropertyNameNode() ?? one.getNameNode()).getText() === what,
    );
    if (known) return { name: known.getName(), spans: [] };
    const last = elements.at(-1);
    if (last === undefined || isTaken(file, what)) continue;
    return { name: what, spans: [insert(file, last.getEnd(), `, ${what}`)] };
  }
  return undefined;
}

function insert(file: SourceFile, at: number, text: string): Span {
  return { file: file.getFilePath(), start: at, end: at, text };
}

/** Into the list, at its place where the list is sorted, else at its end. */
function addTo(declaration: ImportDeclaration, written: string): Span {
  const file = declaration.getSourceFile();
  const names = declaration.getNamedImports();
  const texts = names.map((each) => each.getName());
  const sorted = texts.every(
    (text, index) => index === 0 || order(texts[index - 1] ?? "", text) <= 0,
  );
  const next = sorted ? names.find((each) => order(written, each.getName()) < 0) : undefined;
  const ownLine = /\n\s*$/.test(file.getFullText().slice(0, names[0]?.getStart() ?? 0));
  const gap = ownLine ? `\n${indentOf(file, names[0]?.getStart() ?? 0)}` : " ";
  if (next !== undefined) return insert(file, next.getStart(), `${written},${gap}`);
  return insert(file, names.at(-1)?.getEnd() ?? declaration.getEnd(), `,${gap}${written}`);
}

function indentOf(file: SourceFile, at: number): string {
  return /[ \t]*$/.exec(file.getFullText().slice(0, at))?.[0] ?? "";
}

/** As Biome and most editors sort names: letters first, then their case. */
function order(a: string, b: string): number {
  return a.localeCompare(b, "en", { sensitivity: "base" }) || (a < b ? -1 : Number(a > b));
}

function newImport(file: SourceFile, written: string): Span {
  const line = `import { ${written} } from "${MODULE}";`;
  const last = file.getImportDeclarations().at(-1);
  if (last !== undefined) return insert(file, last.getEnd(), `\n${line}`);
  const first = file.getStatements()[0];
  return insert(file, first?.getStart() ?? 0, `${line}\n`);
}

/** Whether the file declares or imports the name itself, anywhere. */
function isTaken(file: SourceFile, name: string): boolean {
  return file
    .getDescendants()
    .some((node) => Node.isIdentifier(node) && node.getText() === name && isDeclared(node));
}

function isDeclared(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isImportSpecifier(parent) || Node.isImportClause(parent)) return true;
  return (
    (Node.isVariableDeclaration(parent) ||
      Node.isParameterDeclaration(parent) ||
      Node.isBindingElement(parent) ||
      Node.isFunctionDeclaration(parent) ||
      Node.isFunctionExpression(parent) ||
      Node.isClassDeclaration(parent) ||
      Node.isEnumDeclaration(parent)) &&
    parent.getNameNode() === node
  );
}

function freeName(file: SourceFile, what: string): string {
  const base = `fovea${what.slice(0, 1).toUpperCase()}${what.slice(1)}`;
  let name = base;
  for (let number = 2; isTaken(file, name); number += 1) name = `${base}${number}`;
  return name;
}

/** What a name in a file is called where it is imported from: `peripheral` for `p` of `{ peripheral as p }`. */
export function importedAs(file: SourceFile, name: string): string | undefined {
  return file
    .getImportDeclarations()
    .flatMap((each) => each.getNamedImports())
    .find((each) => (each.getAliasNode()?.getText() ?? each.getName()) === name)
    ?.getName();
}

import { Node, type SourceFile } from "ts-morph";
import * as dsl from "../../dsl/index.js";
import type { ErrorDetails, SourceLocation } from "../../ir/error.js";
import { nearest } from "../../ir/nearest.js";
import type { Span } from "../../retarget/edit.js";
import { importName } from "../../retarget/import-name.js";
import { bare, nodeAt } from "../../retarget/nodes.js";
import { replace } from "../../retarget/set-option.js";

/** Opens the user's file at a path as it is now. */
export type OpenFile = (file: string) => SourceFile | undefined;

/** Where a mend is made, and with what. */
export interface Mend {
  readonly spans: readonly Span[];
  readonly at: SourceLocation;
  readonly from: string;
  readonly to: string;
}

/** A change that mends a mistake and could only be meant so; `undefined` where there is none. */
export function mend(details: ErrorDetails, open: OpenFile): Mend | undefined {
  switch (details.code) {
    case "FOV0001":
    case "FOV0010":
    case "FOV0011":
      return otherValue(details, open);
    case "FOV0002":
      return otherName(details, open);
    case "FOV0032":
      return otherImport(details, open);
    case "FOV0033":
      return missingImport(details, open);
    default:
      return undefined;
  }
}

function at({ line = 1, column = 1 }: SourceLocation) {
  return { line, column };
}

/** The value where it is written, else where it stands in the call. */
function valueNode({ location, written }: ErrorDetails, open: OpenFile) {
  const place = written ?? location;
  const file = place && open(place.file);
  const found = file && nodeAt(file, at(place));
  return found && place && { file, place, node: bare(found) };
}

function replaced(file: SourceFile, place: SourceLocation, node: Node, to: string): Mend {
  return { spans: [replace(file, node, to)], at: place, from: node.getText(), to };
}

/** A number without its quotes, the near word for a misspelt one, the next odd side for an even one. */
function otherValue(details: ErrorDetails, open: OpenFile): Mend | undefined {
  const found = valueNode(details, open);
  if (found === undefined) return undefined;
  const { file, place, node } = found;
  const { fix = "", allowed = "", value } = details;
  if (Node.isStringLiteral(node) && node.getLiteralText() === value) {
    const [, number] = /^write (\S+) without quotes$/.exec(fix) ?? [];
    if (number !== undefined) return replaced(file, place, node, number);
    const words = [...allowed.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word);
    const [word] = nearest(value, words, 1);
    const quote = node.getText().slice(0, 1);
    return word === undefined ? undefined : replaced(file, place, node, quote + word + quote);
  }
  const isEven = typeof value === "number" && value > 0 && value % 2 === 0;
  const isIt = Node.isNumericLiteral(node) && node.getLiteralValue() === value;
  if (!isEven || !isIt || !/\bodd\b/.test(allowed)) return undefined;
  if (details.written === undefined || isReadOnce(node, details, open)) {
    return replaced(file, place, node, String(value + 1));
  }
  return inCall(details, open, String(value + 1));
}

/** Whether what holds a number is read in one place, so that nothing else changes with it. */
function isReadOnce(node: Node, { location }: ErrorDetails, open: OpenFile): boolean {
  const name = holderOf(node);
  const calling = location && open(location.file);
  const files = new Set([node.getSourceFile(), ...(calling === undefined ? [] : [calling])]);
  const uses = [...files].flatMap((file) =>
    file.getDescendants().filter((each) => {
      const parent = each.getParent();
      const isImport = Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent);
      return (
        Node.isIdentifier(each) && each.getText() === name?.getText() && each !== name && !isImport
      );
    }),
  );
  return name !== undefined && uses.length === 1;
}

/** The name of the constant, property or enum member that a number is the value of. */
function holderOf(node: Node): Node | undefined {
  const holder = node.getParent();
  if (
    Node.isVariableDeclaration(holder) ||
    Node.isPropertyAssignment(holder) ||
    Node.isPropertyDeclaration(holder) ||
    Node.isEnumMember(holder) ||
    Node.isBindingElement(holder)
  ) {
    return holder.getNameNode();
  }
  return Node.isAsExpression(holder) || Node.isSatisfiesExpression(holder)
    ? holderOf(holder)
    : undefined;
}

/** The option's value in the call itself, in place of the name that others read too. */
function inCall(
  { location, path = "" }: ErrorDetails,
  open: OpenFile,
  to: string,
): Mend | undefined {
  const file = location && open(location.file);
  if (location === undefined || file === undefined) return undefined;
  const node = nodeAt(file, at(location));
  const key = path.split(".").at(-1);
  for (let each: Node | undefined = node; each !== undefined; each = each.getParent()) {
    if (Node.isShorthandPropertyAssignment(each) && each.getName() === key) {
      return replaced(file, location, each, `${key}: ${to}`);
    }
    if (Node.isPropertyAssignment(each)) {
      const value = each.getInitializerOrThrow();
      return each.getName() === key ? replaced(file, location, value, to) : undefined;
    }
    if (Node.isCallExpression(each)) return undefined;
  }
  return undefined;
}

/** The near name for an option that nobody takes. */
function otherName(
  { fix = "", path = "", location }: ErrorDetails,
  open: OpenFile,
): Mend | undefined {
  const [, name] = /^write ([A-Za-z_$][\w$]*)$/.exec(fix) ?? [];
  const wrong = path.split(".").at(-1);
  const file = location && open(location.file);
  if (name === undefined || wrong === undefined) return undefined;
  if (file === undefined || location === undefined) return undefined;
  for (let node = nodeAt(file, at(location)); node !== undefined; node = node.getParent()) {
    if (Node.isPropertyAssignment(node) && node.getName().replace(/^["']|["']$/g, "") === wrong) {
      return replaced(file, location, node.getNameNode(), name);
    }
    if (Node.isShorthandPropertyAssignment(node) && node.getName() === wrong) {
      return replaced(file, location, node.getNameNode(), `${name}: ${wrong}`);
    }
    if (Node.isCallExpression(node)) {
      for (const argument of node.getArguments()) {
        const object = bare(argument);
        const property = Node.isObjectLiteralExpression(object) && object.getProperty(wrong);
        if (property && Node.isPropertyAssignment(property)) {
          return replaced(file, location, property.getNameNode(), name);
        }
      }
      return undefined;
    }
  }
  return undefined;
}

/** The near export of fovea, everywhere in the file; the file beside the one that was meant. */
function otherImport(
  { fix = "", value, location }: ErrorDetails,
  open: OpenFile,
): Mend | undefined {
  const file = location && open(location.file);
  const [, quoted] = /^import "(.*)"$/.exec(fix) ?? [];
  const [, name] = /^import ([A-Za-z_$][\w$]*)$/.exec(fix) ?? [];
  if (file === undefined || location === undefined || typeof value !== "string") {
    return undefined;
  }
  if (quoted !== undefined) {
    const specifiers = [...file.getImportDeclarations(), ...file.getExportDeclarations()]
      .map((each) => each.getModuleSpecifier())
      .filter((each) => each?.getLiteralText() === value);
    const [specifier] = specifiers;
    if (specifier === undefined) return undefined;
    const quote = specifier.getText().slice(0, 1);
    return replaced(file, location, specifier, `${quote}${quoted}${quote}`);
  }
  const wrong = file
    .getImportDeclarations()
    .filter((each) => each.getModuleSpecifierValue() === "fovea")
    .flatMap((each) => each.getNamedImports())
    .find((each) => each.getName() === value);
  if (name === undefined || wrong === undefined) return undefined;
  if (wrong.getAliasNode() !== undefined)
    return replaced(file, location, wrong.getNameNode(), name);
  const symbol = wrong.getSymbol();
  const uses = file
    .getDescendants()
    .filter(
      (node) => Node.isIdentifier(node) && node.getText() === value && node.getSymbol() === symbol,
    );
  const known = importName(file, name);
  if (known.spans.length === 0) return undefined;
  return {
    spans: uses.map((node) => replace(file, node, name)),
    at: location,
    from: value,
    to: name,
  };
}

/** A function of the DSL that is called and not imported. */
function missingImport({ message, location }: ErrorDetails, open: OpenFile): Mend | undefined {
  const [, name] = /ReferenceError: (\w+) is not defined/.exec(message) ?? [];
  const file = location && open(location.file);
  if (name === undefined || !Object.hasOwn(dsl, name)) return undefined;
  if (file === undefined || location === undefined) return undefined;
  const { spans, name: known } = importName(file, name);
  if (known !== name || spans.length === 0) return undefined;
  return { spans, at: location, from: "", to: `import ${name}` };
}

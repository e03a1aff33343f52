import { type CallExpression, Node, Project, type SourceFile, ts } from "ts-morph";
import { withoutBom } from "./edit.js";

/** A place in a text; line and column start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Parses single files, each once a text; nothing of a file's imports is looked at. */
export class Parser {
  readonly #project = new Project({
    useInMemoryFileSystem: true,
    skipFileDependencyResolution: true,
    compilerOptions: { noLib: true, allowJs: true },
  });
  readonly #files = new Map<string, SourceFile>();

  parse(file: string, text: string): SourceFile {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const parsed = this.#project.createSourceFile(file, withoutBom(text), { overwrite: true });
    this.#files.set(file, parsed);
    return parsed;
  }
}

/** The call whose callee stands at a place of a stack, else the first on that line. */
export function callAt(file: SourceFile, place: Position): CallExpression | undefined {
  const at = offsetOf(file, place);
  for (let node = nodeAt(file, place); node !== undefined; node = node.getParent()) {
    if (Node.isCallExpression(node) && at <= openBracket(node)) return node;
  }
  return file
    .getDescendantsOfKind(ts.SyntaxKind.CallExpression)
    .find((call) => positionOf(call).line === place.line);
}

/** The innermost node at a place. */
export function nodeAt(file: SourceFile, place: Position): Node | undefined {
  return file.getDescendantAtPos(offsetOf(file, place));
}

function offsetOf(file: SourceFile, { line, column }: Position): number {
  const starts = file.compilerNode.getLineStarts();
  const start = starts[Math.min(line, starts.length) - 1] ?? 0;
  return Math.min(start + column - 1, file.getEnd());
}

/** Where a node begins. */
export function positionOf(node: Node): Position {
  return node.getSourceFile().getLineAndColumnAtPos(node.getStart());
}

/** Where a call's arguments begin. */
function openBracket(call: CallExpression): number {
  const bracket = call.getFirstChildByKind(ts.SyntaxKind.OpenParenToken);
  return bracket?.getStart() ?? call.getEnd();
}

/** Without brackets and types around it. */
export function bare(node: Node): Node {
  if (
    Node.isParenthesizedExpression(node) ||
    Node.isAsExpression(node) ||
    Node.isSatisfiesExpression(node) ||
    Node.isNonNullExpression(node) ||
    Node.isTypeAssertion(node)
  ) {
    return bare(node.getExpression());
  }
  return node;
}

/** A property's name without quotes, or what a computed one says. */
export function nameOf(name: Node): string {
  const inner = Node.isComputedPropertyName(name) ? name.getExpression() : name;
  return Node.isStringLiteral(inner) || Node.isNoSubstitutionTemplateLiteral(inner)
    ? inner.getLiteralText()
    : inner.getText();
}

/** The last name of what is called: `peripheral` of `fovea.peripheral(…)`. */
export function calleeName(call: CallExpression): string {
  const callee = bare(call.getExpression());
  return Node.isPropertyAccessExpression(callee) ? callee.getName() : callee.getText();
}

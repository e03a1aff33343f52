import { Node, type SourceFile, ts } from "ts-morph";

/** A piece of source that can stand for a value: a number, digits in a text, a list of numbers. */
export interface Atom {
  readonly file: SourceFile;
  /** What holds it, to say where it is. */
  readonly node: Node;
  readonly start: number;
  readonly end: number;
}

/** Every number in a file with a value, and every run of digits in its texts that writes it. */
export function numberAtoms(file: SourceFile, value: number): readonly Atom[] {
  const found: Atom[] = [];
  file.forEachDescendant((node) => {
    if (Node.isNumericLiteral(node)) {
      if (node.getLiteralValue() === value && !isType(node)) found.push(whole(file, node));
    } else if (isText(node) && !isModuleName(node) && !isType(node)) {
      for (const [start, end] of digitsIn(node.getText(), String(value))) {
        found.push({ file, node, start: node.getStart() + start, end: node.getStart() + end });
      }
    }
  });
  return found;
}

/** Every list in a file that writes out these numbers. */
export function listAtoms(file: SourceFile, values: readonly number[]): readonly Atom[] {
  return file
    .getDescendantsOfKind(ts.SyntaxKind.ArrayLiteralExpression)
    .filter((list) => {
      const elements = list.getElements();
      return (
        elements.length === values.length &&
        elements.every(
          (each, index) => Node.isNumericLiteral(each) && each.getLiteralValue() === values[index],
        )
      );
    })
    .map((list) => whole(file, list));
}

function whole(file: SourceFile, node: Node): Atom {
  return { file, node, start: node.getStart(), end: node.getEnd() };
}

function isText(node: Node): boolean {
  return (
    Node.isStringLiteral(node) ||
    Node.isNoSubstitutionTemplateLiteral(node) ||
    Node.isTemplateHead(node) ||
    Node.isTemplateMiddle(node) ||
    Node.isTemplateTail(node)
  );
}

/** Numbers in types hold nothing at run time. */
function isType(node: Node): boolean {
  return Node.isLiteralTypeNode(node.getParent());
}

function isModuleName(node: Node): boolean {
  const parent = node.getParent();
  return Node.isImportDeclaration(parent) || Node.isExportDeclaration(parent);
}

/** Where digits stand in a text, not as a part of a longer number. */
function* digitsIn(text: string, digits: string): Generator<[number, number]> {
  for (const match of text.matchAll(/(?<![\d.])\d+(?!\.?\d)/g)) {
    if (match[0] === digits) yield [match.index, match.index + digits.length];
  }
}

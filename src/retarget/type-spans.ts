import { Node, type TypeNode } from "ts-morph";
import type { Span } from "./edit.js";

/**
 * What keeps a file's types right when a number in it changes: a type that names the number where
 * the value is declared names the new one too. A named type takes it beside the others.
 */
export function typeSpans(node: Node, from: number, to: number): readonly Span[] {
  const way: number[] = [];
  for (
    let each: Node = node, up = node.getParent();
    up !== undefined;
    each = up, up = up.getParent()
  ) {
    if (Node.isArrayLiteralExpression(up)) way.unshift(up.getElements().indexOf(each as never));
    if (Node.isSatisfiesExpression(up) || Node.isAsExpression(up)) {
      const type = up.getTypeNode();
      if (type !== undefined) return inType(type, way, from, to);
    }
    if (
      Node.isVariableDeclaration(up) ||
      Node.isPropertyDeclaration(up) ||
      Node.isParameterDeclaration(up)
    ) {
      const type = up.getTypeNode();
      return type === undefined ? [] : inType(type, way, from, to);
    }
    if (Node.isFunctionLikeDeclaration(up) || Node.isCallExpression(up)) return [];
  }
  return [];
}

function inType(type: TypeNode, way: readonly number[], from: number, to: number): readonly Span[] {
  if (Node.isTypeOperatorTypeNode(type)) return inType(type.getTypeNode(), way, from, to);
  if (Node.isParenthesizedTypeNode(type)) return inType(type.getTypeNode(), way, from, to);
  if (Node.isTupleTypeNode(type)) {
    const [index = 0, ...rest] = way;
    const element = type.getElements()[index];
    return element === undefined ? [] : inType(element, rest, from, to);
  }
  if (Node.isArrayTypeNode(type)) return inType(type.getElementTypeNode(), way.slice(1), from, to);
  if (isNumber(type, from)) return [span(type, String(to))];
  if (Node.isUnionTypeNode(type)) {
    const members = type.getTypeNodes();
    const old = members.find((each) => isNumber(each, from));
    return old === undefined || members.some((each) => isNumber(each, to))
      ? []
      : [span(old, String(to))];
  }
  if (Node.isTypeReference(type)) return inAlias(type.getTypeName().getText(), type, from, to);
  return [];
}

/** Other values may have the type as well, so that it keeps the old number. */
function inAlias(name: string, at: Node, from: number, to: number): readonly Span[] {
  const alias = at.getSourceFile().getTypeAlias(name)?.getTypeNode();
  if (alias === undefined) return [];
  const members = Node.isUnionTypeNode(alias) ? alias.getTypeNodes() : [alias];
  if (!members.some((each) => isNumber(each, from))) return [];
  if (members.some((each) => isNumber(each, to))) return [];
  const end = alias.getEnd();
  return [{ file: at.getSourceFile().getFilePath(), start: end, end, text: ` | ${to}` }];
}

function isNumber(type: Node, value: number): boolean {
  if (!Node.isLiteralTypeNode(type)) return false;
  const literal = type.getLiteral();
  return Node.isNumericLiteral(literal) && literal.getLiteralValue() === value;
}

function span(node: Node, text: string): Span {
  return {
    file: node.getSourceFile().getFilePath(),
    start: node.getStart(),
    end: node.getEnd(),
    text,
  };
}

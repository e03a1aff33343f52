import { Node } from "ts-morph";
import { bare } from "./nodes.js";

/** Functions of the DSL that declare mixers: their calls only write values down. */
const DECLARING = new Set(["peripheral", "grid", "dense", "stripes"]);

/**
 * Whether an expression computes something, so that more than a value goes away with it: anything
 * but literals, names, and objects, lists and mixers that are written out of such.
 */
export function isComputed(node: Node): boolean {
  const value = bare(node);
  if (Node.isPropertyAccessExpression(value)) return isComputed(value.getExpression());
  if (Node.isElementAccessExpression(value)) {
    const index = value.getArgumentExpression();
    return isComputed(value.getExpression()) || index === undefined || isComputed(index);
  }
  if (Node.isPropertyAssignment(value)) return isComputed(value.getInitializerOrThrow());
  if (Node.isSpreadElement(value) || Node.isSpreadAssignment(value)) {
    return isComputed(value.getExpression());
  }
  if (Node.isArrayLiteralExpression(value)) return value.getElements().some(isComputed);
  if (Node.isObjectLiteralExpression(value)) return value.getProperties().some(isComputed);
  if (Node.isCallExpression(value)) {
    const callee = value.getExpression().getText().split(".").at(-1) ?? "";
    return !DECLARING.has(callee) || value.getArguments().some(isComputed);
  }
  return !(
    Node.isLiteralExpression(value) ||
    Node.isIdentifier(value) ||
    Node.isShorthandPropertyAssignment(value) ||
    Node.isTrueLiteral(value) ||
    Node.isFalseLiteral(value) ||
    (Node.isBinaryExpression(value) && value.getText().replaceAll(" ", "") === "3/8")
  );
}

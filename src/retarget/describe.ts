import { Node } from "ts-morph";
import { calleeName, nameOf } from "./nodes.js";

/** What holds a value, in words: `the constant SIDES`, `the call of peripheral()`. */
export function describeAtom(node: Node): string {
  for (let each: Node | undefined = node; each !== undefined; each = each.getParent()) {
    if (Node.isEnumMember(each))
      return `the enum member ${each.getParent().getName()}.${each.getName()}`;
    if (Node.isVariableDeclaration(each)) return `the constant ${each.getName()}`;
    if (Node.isParameterDeclaration(each)) return `the default of ${each.getName()}`;
    if (Node.isPropertyDeclaration(each)) return `the field ${each.getName()}`;
    if (Node.isCallExpression(each)) return `the call of ${calleeName(each)}()`;
    if (Node.isFunctionDeclaration(each))
      return `the function ${each.getName() ?? "without a name"}`;
    if (Node.isPropertyAssignment(each) && each.getSourceFile().getExtension() === ".json") {
      return `the entry ${nameOf(each.getNameNode())}`;
    }
  }
  return "the file";
}

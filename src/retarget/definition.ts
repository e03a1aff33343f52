import { Node } from "ts-morph";
import { bare } from "./nodes.js";

/** What a name of the same file stands for; a node that is no such name is itself. */
export function definitionOf(node: Node): Node {
  let here = node;
  for (let depth = 0; depth < 8; depth += 1) {
    const value = bare(here);
    if (Node.isPropertyAssignment(value)) here = value.getInitializerOrThrow();
    else if (Node.isIdentifier(value)) {
      const declared = value.getSourceFile().getVariableDeclaration(value.getText());
      const initializer = declared?.getInitializer();
      if (initializer === undefined) return here;
      here = initializer;
    } else return here;
  }
  return here;
}

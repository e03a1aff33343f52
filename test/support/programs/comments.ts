import ts from "typescript";

/** Texts of all comments of a source, in their order. */
function commentsOf(text: string): readonly string[] {
  const found: string[] = [];
  const source = ts.createSourceFile("a.ts", text, ts.ScriptTarget.ES2022, true);
  const seen = new Set<number>();
  const add = (ranges: readonly ts.CommentRange[] | undefined) => {
    for (const { pos, end } of ranges ?? []) {
      if (!seen.has(pos)) found.push(text.slice(pos, end));
      seen.add(pos);
    }
  };
  const visit = (node: ts.Node): void => {
    if (node.getChildCount() === 0) {
      add(ts.getLeadingCommentRanges(text, node.pos));
      add(ts.getTrailingCommentRanges(text, node.end));
    }
    for (const child of node.getChildren()) visit(child);
  };
  visit(source);
  return found;
}

/** Comments that are in the first text and not in the second, as often as they are missing. */
export function lostComments(before: string, after: string): readonly string[] {
  const left = [...commentsOf(after)];
  return commentsOf(before).filter((comment) => {
    const index = left.indexOf(comment);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

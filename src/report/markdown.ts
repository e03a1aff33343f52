/** Text as Markdown prints it, in a table's cell too: nothing of it is markup. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&").replace(/\s+/g, " ");
}

/** A table of GitHub's Markdown; cells are Markdown already. */
export function markdownTable(
  columns: readonly { readonly head: string; readonly align: "left" | "right" }[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ head }) => head)),
    line(columns.map(({ align }) => (align === "left" ? "---" : "---:"))),
    ...rows.map(line),
  ].join("\n");
}

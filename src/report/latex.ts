const ESCAPED: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
};

/** Text as LaTeX prints it: what is a command there is escaped. */
export function latexText(text: string): string {
  return text
    .replace(/[\\~^<>|"&%$#_{}]/g, (character) => ESCAPED[character] ?? `\\${character}`)
    .replace(/\s+/g, " ");
}

/** A column's head and the side that its cells keep to; both are LaTeX already. */
export interface LatexColumn {
  readonly head: string;
  readonly align: "l" | "r";
}

/** A `tabular` with the rules of the booktabs package; cells are LaTeX already. */
export function latexTable(
  columns: readonly LatexColumn[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `  ${cells.join(" & ")} \\\\`;
  return [
    "% \\usepackage{booktabs}",
    `\\begin{tabular}{${columns.map(({ align }) => align).join("")}}`,
    "  \\toprule",
    line(columns.map(({ head }) => head)),
    "  \\midrule",
    ...rows.map(line),
    "  \\bottomrule",
    "\\end{tabular}",
  ].join("\n");
}

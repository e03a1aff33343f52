const ESCAPED: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "↑": "$\\uparrow$",
  "↓": "$\\downarrow$",
  "–": "--",
  "…": "\\ldots{}",
  "×": "$\\times$",
};

/** Text as LaTeX prints it: what is a command there is escaped. */
export function latexText(text: string): string {
  return text
    .replace(/[\\~^<>|"↑↓–…×&%$#_{}]/g, (character) => ESCAPED[character] ?? `\\${character}`)
    .replace(/\s+/g, " ");
}

/** A column's head and the side that its cells keep to; both are LaTeX already. */
export interface LatexColumn {
  readonly head: string;
  readonly align: "l" | "r";
}

/** A bracket or a star behind `\\` would be taken for its argument. */
function guarded(cells: readonly string[]): readonly string[] {
  const [first = "", ...others] = cells;
  return /^\s*[[*]/.test(first) ? [`{}${first}`, ...others] : cells;
}

/** A `tabular` with the rules of the booktabs package; cells are LaTeX already. */
export function latexTable(
  columns: readonly LatexColumn[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `  ${guarded(cells).join(" & ")} \\\\`;
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

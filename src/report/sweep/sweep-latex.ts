import type { SweepView } from "../components/view.js";
import { latexTable, latexText } from "../latex.js";
import { sweepColumns } from "./sweep-columns.js";
import { unfinishedLines } from "./unfinished-lines.js";

/** Sweeps as LaTeX tables of the booktabs package; what is in no mean stands in comments. */
export function sweepsLatex(sweeps: readonly SweepView[]): string {
  return `${sweeps.map(sweepLatex).join("\n\n")}\n`;
}

function sweepLatex(sweep: SweepView): string {
  const columns = sweepColumns(sweep);
  const rows = sweep.rows.map((row) =>
    columns.map(({ cell }) => {
      const { text, spread, best } = cell(row);
      const said = best ? `\\textbf{${latexText(text)}}` : latexText(text);
      return spread === null ? said : `${said} $\\pm$ ${latexText(spread)}`;
    }),
  );
  const heads = columns.map(({ head, align }) => ({
    head: latexText(head),
    align: align === "left" ? ("l" as const) : ("r" as const),
  }));
  return [
    comment(sweep.name),
    comment(sweep.rule),
    ...unfinishedLines(sweep).map((line) => comment(`in no mean: ${line}`)),
    latexTable(heads, rows),
  ].join("\n");
}

/** On one line, whatever it says. */
function comment(text: string): string {
  return `% ${text.replace(/\s+/g, " ")}`;
}

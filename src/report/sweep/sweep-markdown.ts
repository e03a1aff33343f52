import type { SweepView } from "../components/view.js";
import { markdownTable, markdownText } from "../markdown.js";
import { sweepColumns } from "./sweep-columns.js";
import { unfinishedLines } from "./unfinished-lines.js";

/** Sweeps as Markdown tables, what is in no mean below them. */
export function sweepsMarkdown(sweeps: readonly SweepView[]): string {
  return `${sweeps.map(sweepMarkdown).join("\n\n")}\n`;
}

function sweepMarkdown(sweep: SweepView): string {
  const columns = sweepColumns(sweep);
  const rows = sweep.rows.map((row) =>
    columns.map(({ cell }) => {
      const { text, spread, best } = cell(row);
      const said = best ? `**${markdownText(text)}**` : markdownText(text);
      return spread === null ? said : `${said} ± ${markdownText(spread)}`;
    }),
  );
  const heads = columns.map(({ head, align }) => ({ head: markdownText(head), align }));
  const unfinished = unfinishedLines(sweep).map((line) => `- ${markdownText(line)}`);
  return [
    `## ${markdownText(sweep.name)}`,
    markdownTable(heads, rows),
    `${sweep.rule} ±: sample standard deviation over seeds.`,
    ...(unfinished.length === 0 ? [] : [`In no mean:\n\n${unfinished.join("\n")}`]),
  ].join("\n\n");
}

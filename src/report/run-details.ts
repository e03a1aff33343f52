import { printable } from "../ir/printable.js";
import type { ExaminedRun } from "../runs/examine-run.js";
import { figure } from "./figures.js";
import { runTable } from "./run-table.js";

/** Problems that are listed; the others are counted. */
const MOST = 20;

/** One run for the terminal. */
export function runDetails(run: ExaminedRun): string {
  const { problems } = run;
  const hidden = problems.length - MOST;
  return [
    runTable([run]),
    "",
    ...(run.reason === null ? [] : [`reason   ${printable(run.reason)}`]),
    `network  ${run.network}`,
    `seed     ${run.seed}`,
    `hash     ${run.hash}`,
    `folder   ${run.dir}`,
    `events   ${figure(run.events.total)}`,
    ...problems
      .slice(0, MOST)
      .map(({ line, message }) => `events.jsonl:${line}: ${printable(message)}`),
    ...(hidden > 0 ? [`and ${hidden} more lines that are no events`] : []),
  ].join("\n");
}

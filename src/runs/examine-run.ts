import type { LineProblem } from "./event-scanner.js";
import { findRun } from "./find-run.js";
import type { RunRow } from "./run-row.js";
import { scanEvents } from "./scan-events.js";

/** A run with what its events are worth. */
export interface ExaminedRun extends RunRow {
  /** Lines that are events. */
  readonly events: { readonly total: number };
  /** Complete lines that are no events; a torn last line is none of them (contract, line 28). */
  readonly problems: readonly LineProblem[];
}

/** @throws FoveaError FOV0070 for an unknown id */
export function examineRun(home: string, id: string): ExaminedRun {
  const row = findRun(home, id);
  const problems: LineProblem[] = [];
  let total = 0;
  scanEvents(row.dir, {
    event: () => {
      total += 1;
    },
    problem: (problem) => problems.push(problem),
  });
  return { ...row, events: { total }, problems };
}

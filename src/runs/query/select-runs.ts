import { type IndexedRun, listIndexedRuns } from "../run-index.js";
import { compileCondition } from "./compile-condition.js";
import { Fields } from "./field.js";
import { parseCondition } from "./parse-condition.js";

/** Runs that were selected, and what names stand for among all runs of the home. */
export interface Selection {
  readonly runs: readonly IndexedRun[];
  /** How many runs the home has. */
  readonly all: number;
  readonly fields: Fields;
}

/**
 * The runs that an expression is true of, oldest first; all of them where there is none.
 *
 * @param where - such as `top1>80 && kernel=51` (docs/runs.md)
 * @throws FoveaError FOV0130 for an expression that cannot be read, FOV0131 for an unknown name in
 *   it, FOV0132 for a value that its name cannot have
 */
export async function selectRuns(home: string, where: string | undefined): Promise<Selection> {
  const written = { option: "--where", text: where ?? "" };
  // Before the runs are read: a mistake in it is told at once.
  const condition = where === undefined ? null : parseCondition(written);
  const runs = await listIndexedRuns(home);
  const fields = new Fields(runs);
  if (condition === null) return { runs, all: runs.length, fields };
  const test = compileCondition(condition, fields, written);
  return { runs: runs.filter((run) => test(run) === true), all: runs.length, fields };
}

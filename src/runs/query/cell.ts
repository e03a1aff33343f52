import type { IndexedRun } from "../run-index.js";
import { type Spread, spreadOf } from "../seed-groups.js";
import type { Field } from "./field.js";

/** What a field is in one run: of all places of a list, a list; `null` where there is nothing. */
export function cellOf(run: IndexedRun, field: Field): unknown {
  const values = field.read(run);
  if (values.length === 0) return null;
  return field.name.includes("[*]") ? values : values[0];
}

/** What a field is over the seeds of a group. */
export type GroupCell =
  /** Of what was measured. */
  | { readonly spread: Spread }
  /** Of a setting, and of text: each value once, in the order of the seeds. */
  | { readonly values: readonly unknown[] };

const COUNTED: ReadonlySet<string> = new Set(["seed", "processes"]);

export function groupCellOf(runs: readonly IndexedRun[], field: Field): GroupCell {
  const cells = runs.map((run) => cellOf(run, field)).filter((cell) => cell !== null);
  const isMeasured =
    field.source !== "setting" && field.kinds.has("number") && !COUNTED.has(field.name);
  const numbers = cells.filter((cell): cell is number => typeof cell === "number");
  const spread = isMeasured ? spreadOf(numbers) : null;
  if (spread !== null) return { spread };
  const distinct = new Map(cells.map((cell) => [JSON.stringify(cell), cell]));
  return { values: [...distinct.values()] };
}

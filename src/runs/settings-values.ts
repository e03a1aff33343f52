import type { IndexedRun } from "./run-index.js";

let last: { readonly run: IndexedRun; readonly values: readonly unknown[] } | null = null;

/** The values of a run's settings; the last run's are kept, since several are asked for in turn. */
function valuesOf(run: IndexedRun): readonly unknown[] {
  if (last?.run !== run) last = { run, values: JSON.parse(run.settings) as readonly unknown[] };
  return last.values;
}

/** The values at a path of a run, several where it stands for all places of a list; no `null`. */
export function settingsAt(run: IndexedRun, path: string): readonly unknown[] {
  const places = run.shape.places(path);
  if (places.length === 0) return [];
  const values = valuesOf(run);
  return places.map((place) => values[place]).filter((value) => value !== null);
}

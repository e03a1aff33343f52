import type { IndexedRun } from "../run-index.js";

/** `null` where a run has nothing to compare. */
type Truth = boolean | null;

/** What a condition says of a run. */
export type Test = (run: IndexedRun) => Truth;

export function not(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

/** Of several values it is enough that one passes. */
export function any<T>(values: readonly T[], passes: (value: T) => boolean): Truth {
  return values.length === 0 ? null : values.some(passes);
}

import type { Cells } from "../ir/index.js";

/**
 * Neighbouring cells of one size along an axis. Emitted code has one piece a run, with a loop
 * inside, and a picture one tile: a grid of ones is one run however long it is.
 */
export interface Run {
  /** Index of the first cell. */
  readonly cell: number;
  /** First tap of the first cell, counted from the first tap of the kernel. */
  readonly tap: number;
  /** Taps of each cell. */
  readonly size: number;
  /** Number of cells. */
  readonly count: number;
}

/** Cuts an axis into its runs, from the first tap to the last. */
export function cellRuns(cells: Cells): Run[] {
  const runs: Run[] = [];
  let tap = 0;
  let cell = 0;
  for (const size of cells) {
    const last = runs.at(-1);
    if (last?.size === size) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ cell, tap, size, count: 1 });
    tap += size;
    cell += 1;
  }
  return runs;
}

import { axisLength } from "../../analyse/grid.js";
import { reach } from "../../analyse/reach.js";
import type { Cells } from "../../ir/index.js";

/** Neighbouring cells of one axis that sum equally many pixels, as far as they can touch a map. */
export interface ReachedRun {
  /** Index of the first cell in the grid, and the number of cells. */
  readonly cell: number;
  readonly count: number;
  /** First tap of the first cell, counted from the kernel's middle tap. */
  readonly first: number;
  /** Taps of each cell. */
  readonly size: number;
  /** Smallest power of two that holds a whole cell: sums are kept to the size of a mean by it. */
  readonly scale: number;
}

/** The cells that meet data on a map of `side` pixels, run by run; one partly in reach is cut. */
export function reachedRuns(cells: Cells, side: number): ReachedRun[] {
  const { start, cells: kept } = reach(cells, side);
  const runs: ReachedRun[] = [];
  let first = -(axisLength(kept) - 1) / 2;
  for (const [index, size] of kept.entries()) {
    const cell = start + index;
    const scale = powerOfTwo(cells[cell] ?? 1);
    const before = runs.at(-1);
    if (before?.size === size && before.scale === scale) {
      runs[runs.length - 1] = { ...before, count: before.count + 1 };
    } else runs.push({ cell, count: 1, first, size, scale });
    first += size;
  }
  return runs;
}

/** Whether each cell is one pixel wide as it was declared: nothing is summed or scaled. */
export const isSingle = ({ size, scale }: ReachedRun): boolean => size === 1 && scale === 1;

/** Smallest power of two from `value` on. */
export const powerOfTwo = (value: number): number => 2 ** Math.ceil(Math.log2(value));

/** Rows of weights that one loop of a kernel takes. */
export interface Segment {
  /** The loop's range in Python. */
  readonly loop: string;
  /** Whether each row is a single tap, which needs no sum. */
  readonly single: boolean;
}

/** Cuts the rows in reach into loops: those that sum pixels apart from those that do not. */
export function segments(runs: readonly ReachedRun[]): Segment[] {
  const found: { runs: ReachedRun[]; single: boolean }[] = [];
  for (const run of runs) {
    const before = found.at(-1);
    if (before?.single === isSingle(run)) before.runs.push(run);
    else found.push({ runs: [run], single: isSingle(run) });
  }
  return found.map((segment) => ({ loop: loopOver(segment.runs), single: segment.single }));
}

/** The range of neighbouring runs in Python. */
export function loopOver(runs: readonly ReachedRun[]): string {
  const [first, last] = [runs[0]?.cell ?? 0, runs.at(-1)];
  const end = last === undefined ? 0 : last.cell + last.count;
  return first === 0 ? `range(${end})` : `range(${first}, ${end})`;
}

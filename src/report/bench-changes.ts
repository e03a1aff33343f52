import { type Bench, type BenchKernel, type BenchShape, DIRECTIONS } from "../ir/bench.js";
import { benchTitle, directionName } from "./bench-rows.js";
import { percent } from "./quantity.js";

/** Our time over the best peer's, then and now. Times themselves differ from machine to machine. */
interface Change {
  readonly case: string;
  readonly direction: string;
  readonly before: number;
  readonly after: number;
  /** `after / before - 1`: above 0, we have become slower beside the best peer. */
  readonly change: number;
  readonly worse: boolean;
}

/** How a bench stands against an earlier one. */
export interface BenchComparison {
  readonly tolerance: number;
  readonly changes: readonly Change[];
  /** What is in one of the two only, or has no ratio, in words. */
  readonly incomparable: readonly string[];
  readonly worse: boolean;
}

interface Case {
  readonly title: string;
  readonly device: string;
  readonly shape: BenchShape;
}

/**
 * Compares the ratios of two benches, case by case, where kernel, shape, dtype and device agree.
 *
 * @param tolerance - the share by which a ratio may grow
 */
export function compareBench(before: Bench, after: Bench, tolerance: number): BenchComparison {
  const [then, now] = [casesOf(before), casesOf(after)];
  const changes: Change[] = [];
  const incomparable: string[] = [];
  for (const [key, { title, device, shape }] of now) {
    const old = then.get(key);
    if (old === undefined) {
      incomparable.push(`${title} on ${device} is not in the earlier file`);
      continue;
    }
    for (const direction of DIRECTIONS) {
      const [was, is] = [old.shape.best_peer[direction], shape.best_peer[direction]];
      if (was === null || is === null) {
        const where = was === null ? "in the earlier file" : "now";
        incomparable.push(`${title}, ${directionName(direction)}: no ratio ${where}`);
        continue;
      }
      const [first, second] = [1 / was.ratio, 1 / is.ratio];
      const change = second / first - 1;
      changes.push({
        case: title,
        direction: directionName(direction),
        before: first,
        after: second,
        change,
        worse: change > tolerance,
      });
    }
  }
  for (const [key, { title, device }] of then) {
    if (!now.has(key)) incomparable.push(`${title} on ${device} was not measured now`);
  }
  return { tolerance, changes, incomparable, worse: changes.some(({ worse }) => worse) };
}

/** A line for each change, then what cannot be compared. */
export function comparisonLines(comparison: BenchComparison): readonly string[] {
  return [
    ...comparison.changes.map(({ case: title, direction, before, after, change, worse }) => {
      const sign = change > 0 ? "+" : "";
      const verdict = worse ? `, WORSE by more than ${percent(comparison.tolerance)}` : "";
      return `${title}, ${direction}: time over the best peer's ${before.toFixed(3)} → ${after.toFixed(3)} (${sign}${percent(change)})${verdict}`;
    }),
    ...comparison.incomparable.map((what) => `not compared: ${what}`),
  ];
}

/** By name and not by hash: that the code has changed is why one compares. */
function casesOf({ kernels }: Bench): ReadonlyMap<string, Case> {
  const cases = kernels.flatMap((kernel: BenchKernel) =>
    kernel.shapes.map((shape): [string, Case] => {
      const title = benchTitle(kernel, shape);
      return [`${kernel.device} ${title}`, { title, device: kernel.device, shape }];
    }),
  );
  return new Map(cases);
}

import { spreadOf } from "../../runs/seed-groups.js";
import type { Curve } from "../curve.js";

/** A mean over runs at one step. */
export interface MeanPoint {
  readonly x: number;
  readonly mean: number;
  /** Sample standard deviation; 0 where a single run has a value. */
  readonly std: number;
}

/**
 * The mean of some curves. Where all of them are measured at the same few steps, it is taken there;
 * else over stretches of steps, each run with the mean of what it measured in a stretch.
 *
 * @param most - points of the mean
 */
export function meanCurve(curves: readonly Curve[], most = 200): readonly MeanPoint[] {
  const steps = [...new Set(curves.flatMap(({ xs }) => xs))].sort((a, b) => a - b);
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (steps.length <= most)
    return steps.map((x) =>
      meanAt(
        x,
        curves.map((curve) => curve.between(x, x)),
      ),
    );
  const width = (last - first) / most;
  return Array.from({ length: most }, (_, index) => {
    const from = first + index * width;
    // The last stretch takes in its end, the others leave it to the next one.
    const to = index === most - 1 ? last : from + width * (1 - Number.EPSILON);
    return meanAt(
      from + width / 2,
      curves.map((curve) => curve.between(from, to)),
    );
  }).filter(({ mean }) => Number.isFinite(mean));
}

function meanAt(x: number, values: readonly (number | null)[]): MeanPoint {
  const spread = spreadOf(values);
  return { x, mean: spread?.mean ?? Number.NaN, std: spread?.std ?? 0 };
}

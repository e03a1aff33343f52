import type { Sweep } from "../../ir/sweep.js";
import type { RunRow } from "../../runs/run-row.js";
import { inOrder } from "../in-order.js";
import { axisKey } from "./axis-words.js";
import { type MatchedPoint, matchPoints } from "./match-points.js";

/** Points that have all values in common but for the seed. */
export interface PointRow {
  /** Values in the order of the axes. */
  readonly values: readonly unknown[];
  /** One for each seed. */
  readonly points: readonly [MatchedPoint, ...MatchedPoint[]];
}

/** The rows of a sweep's table, in the order of its points. */
export function pointRows(sweep: Sweep, rows: readonly RunRow[]): readonly PointRow[] {
  const valuesOf = ({ point }: MatchedPoint): readonly unknown[] =>
    sweep.axes.map((path) => point.axes[path]);
  return inOrder(matchPoints(sweep, rows), (matched) =>
    valuesOf(matched).map(axisKey).join("\n"),
  ).map(([, points]) => ({ values: valuesOf(points[0]), points }));
}

/** Runs of a row that are completed. */
export function completedRuns({ points }: PointRow): readonly RunRow[] {
  return points.flatMap(({ row }) => (row?.status === "completed" ? [row] : []));
}

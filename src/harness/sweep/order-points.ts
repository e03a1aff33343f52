import type { SweepPoint } from "../../ir/sweep.js";

export const ORDERS = ["declared", "seeds", "shuffled", "cheapest", "costliest"] as const;
/** What is run first. */
export type Order = (typeof ORDERS)[number];

/**
 * Points in the order in which they are run. `seeds` has all points of a seed before those of the
 * next; `shuffled` is the same order in every call, and has nothing to do with the axes.
 *
 * @param cost - of a point, for `cheapest` and `costliest`
 */
export function orderPoints(
  points: readonly SweepPoint[],
  order: Order,
  cost: (point: SweepPoint) => number,
): readonly SweepPoint[] {
  switch (order) {
    case "declared":
      return points;
    case "seeds":
      return [...points].sort((a, b) => a.seed - b.seed);
    case "shuffled":
      return [...points].sort((a, b) => (a.hash < b.hash ? -1 : 1));
    case "cheapest":
      return [...points].sort((a, b) => cost(a) - cost(b));
    case "costliest":
      return [...points].sort((a, b) => cost(b) - cost(a));
  }
}

import type { SweepRow } from "../components/view.js";

/** Factors of a unit, the largest first. */
type Units = readonly (readonly [name: string, size: number])[];

const COUNTS: Units = [
  ["G", 1e9],
  ["M", 1e6],
  ["k", 1e3],
];
const TIMES: Units = [
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** What a configuration costs: an axis of Pareto plots. */
export interface Cost {
  readonly name: string;
  readonly title: string;
  readonly units: Units;
  readonly of: (row: SweepRow) => number | null;
  readonly std?: (row: SweepRow) => number | null;
}

export const COSTS: readonly Cost[] = [
  {
    name: "parameters",
    title: "parameters",
    units: COUNTS,
    of: ({ costs }) => costs.nonzero,
  },
  {
    name: "macs",
    title: "multiply-adds of one image",
    units: COUNTS,
    of: ({ costs }) => costs.nonzeroMacs,
  },
  {
    name: "time",
    title: "training time",
    units: TIMES,
    of: ({ seconds }) => seconds?.mean ?? null,
    std: ({ seconds }) => seconds?.std ?? null,
  },
];

/** The largest unit that most of some values have one of. */
export function unitFor(
  values: readonly number[],
  units: Units,
): readonly [name: string, size: number] {
  const middle = [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  return units.find(([, size]) => middle >= size) ?? units.at(-1) ?? ["", 1];
}

import { axisLength } from "../../analyse/grid.js";
import { reach } from "../../analyse/reach.js";
import type { Cells, GridPair, Size } from "../../ir/index.js";
import type { DtypeClass } from "../triton/method.js";

/** One convolution: its grids, and the tensor that it meets. */
export interface Problem {
  readonly pair: GridPair;
  readonly map: Size;
  readonly batch: number;
  /** Channels that are convolved. */
  readonly channels: number;
  readonly dtype: DtypeClass;
}

/** Bytes of an element of `x`. */
export const elementBytes = ({ dtype }: Problem): number => (dtype === "half" ? 2 : 4);

/** Elements of `y`. */
export const outputs = ({ batch, channels, map }: Problem): number =>
  batch * channels * map[0] * map[1];

/** Bytes of `x` read once and `y` written once. */
export const floorBytes = (problem: Problem): number =>
  2 * elementBytes(problem) * outputs(problem);

/** Bytes of the weight. */
export const weightBytes = (problem: Problem): number => {
  const { pair, channels } = problem;
  return channels * pair.rows.length * pair.columns.length * elementBytes(problem);
};

/** Cells of an axis that meet data, and their taps. */
export function inReach(cells: Cells, side: number): { cells: number; taps: number } {
  const kept = reach(cells, side).cells;
  return { cells: kept.length, taps: axisLength(kept) };
}

export const tiles = (length: number, tile: number): number => Math.ceil(length / tile);

export const radius = (cells: Cells): number => (axisLength(cells) - 1) / 2;

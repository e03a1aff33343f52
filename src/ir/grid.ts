import { z } from "zod";
import { atLeast, atMost } from "./lengths.js";
import { LIMITS } from "./limits.js";

/**
 * Cell sizes along one axis, in taps, from the first tap to the last. They cut an axis of
 * `sum(cells)` taps into zones that share one weight each (PeLK, section 3.2, equation 1).
 */
export const Cells = z
  .array(z.int().positive().max(LIMITS.kernelSide))
  .check(atLeast(1), atMost(LIMITS.kernelSide));
export type Cells = readonly number[];

/** A pair of sharing grids, one an axis: the weight has `rows.length × columns.length` parameters a channel. */
export interface GridPair {
  readonly rows: Cells;
  readonly columns: Cells;
}

/** A height and a width, in that order. */
export type Size = readonly [height: number, width: number];

/** `51` stands for `[51, 51]`. */
export type SizeLike = number | Size;

export function toSize(size: SizeLike): Size {
  return typeof size === "number" ? [size, size] : size;
}

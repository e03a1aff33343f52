import { axisLength } from "../../analyse/grid.js";
import type { GridPair, Size } from "../../ir/index.js";
import { reachedRuns } from "./cells.js";

/** How a Triton kernel convolves maps of one size. */
export type TritonMethod = "direct" | "gemm" | "chained" | "planes" | "general";

/** Types that a kernel is planned for: float16 and bfloat16 are alike, float32 has no fast product. */
export type DtypeClass = "half" | "float";

/** Most taps of a kernel that is computed tap by tap. */
export const DIRECT_TAPS = 25;
/** Most pixels of a map that is convolved by one product a channel. */
const GEMM_PIXELS = 256;
/** Largest side of a map whose rows are summed by a product with a band. */
export const CHAINED_SIDE = 64;
/** Most sizes of row boxes that are written before the product. */
const BOX_SIZES = 12;

/** Whether a plane of the map fits a tile, so that bands can sum its rows. */
export function fitsTile([height, width]: Size): boolean {
  return Math.max(height, width) <= CHAINED_SIDE;
}

/** A choice, and why. */
export interface Choice {
  readonly method: TritonMethod;
  readonly reason: string;
}

/**
 * Chooses how maps of one size are convolved: a function of grids, size and type only. The limits
 * come from counting operations (docs/kernels.md); nothing was measured on a GPU.
 */
export function chooseMethod(pair: GridPair, map: Size, dtype: DtypeClass): Choice {
  const [height, width] = map;
  const taps = axisLength(pair.rows) * axisLength(pair.columns);
  if (taps <= DIRECT_TAPS) {
    return { method: "direct", reason: `${taps} taps are fewer than a product would pad to` };
  }
  if (height * width <= GEMM_PIXELS) {
    const reason = `a map of ${height * width} pixels is one row of a product over the batch`;
    return { method: "gemm", reason };
  }
  if (dtype === "float") {
    return { method: "general", reason: "float32 products take registers that tiles need" };
  }
  if (fitsTile(map)) {
    return { method: "chained", reason: "whole planes fit a tile: bands sum rows without scratch" };
  }
  const sizes = new Set(reachedRuns(pair.rows, height).map(({ size }) => size)).size;
  if (sizes > BOX_SIZES) {
    return { method: "general", reason: `${sizes} sizes of row cells are too many to write` };
  }
  return { method: "planes", reason: "planes are larger than a tile: row boxes are written once" };
}

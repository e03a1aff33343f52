import type { Cells, Size } from "../ir/index.js";
import { axisLength, ones } from "./grid.js";
import type { StageShape } from "./shapes.js";

/** The part of a grid that can touch a map. */
export interface Reach {
  /** Index of the first cell that is kept. */
  readonly start: number;
  /** Taps of each kept cell that can touch the map; their sum is odd. */
  readonly cells: readonly number[];
}

/**
 * Crops a grid to the offsets that meet data on a map of `side` pixels: taps further than
 * `side − 1` from the middle one only ever see the zero padding. A cell that is partly within
 * reach keeps its weight and loses its taps outside.
 */
export function reach(cells: Cells, side: number): Reach {
  const kernel = axisLength(cells);
  const radius = Math.min((kernel - 1) / 2, side - 1);
  const first = (kernel - 1) / 2 - radius;
  const end = first + 2 * radius + 1;
  let tap = 0;
  let start = 0;
  const kept: number[] = [];
  for (const cell of cells) {
    const taps = Math.min(tap + cell, end) - Math.max(tap, first);
    tap += cell;
    if (taps > 0) kept.push(taps);
    else if (kept.length === 0) start += 1;
  }
  return { start, cells: kept };
}

/** `[height, width]` of the taps of a stage's kernel that can touch its map. */
export function stageReach({ kernel, map }: StageShape): Size {
  const side = (taps: number, pixels: number): number =>
    axisLength(reach(ones(taps), pixels).cells);
  return [side(kernel[0], map[0]), side(kernel[1], map[1])];
}

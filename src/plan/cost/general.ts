import { LAUNCHES } from "../triton/launches.js";
import type { Launch } from "./launch.js";
import { cellLookup, cellSums, LOAD } from "./operations.js";
import { type PartialSums, partialSums, sumOfPartials } from "./partial-sums.js";
import {
  elementBytes,
  floorBytes,
  inReach,
  type Problem,
  radius,
  tiles,
  weightBytes,
} from "./problem.js";

/** Blocks of columns of x that the tiles along the width of y meet, all tiles together. */
function columnSteps({ pair, map: [, width] }: Problem, block: number): number {
  const middle = radius(pair.columns);
  let steps = 0;
  for (let first = 0; first < width; first += block) {
    const begin = Math.max(first - middle, 0);
    steps += tiles(Math.min(first + block + middle, width) - begin, block);
  }
  return steps;
}

/** `_convolve_kernel`: rows are summed tile by tile, again for every block of columns. */
export function generalConvolution(problem: Problem): Launch[] {
  const { pair, map, batch, channels, dtype } = problem;
  const [height, width] = map;
  const { BLOCK } = LAUNCHES.general[dtype];
  const rows = inReach(pair.rows, height);
  const planes = batch * channels;
  const steps = planes * tiles(height, BLOCK) * columnSteps(problem, BLOCK);
  const programs = planes * tiles(height, BLOCK) * tiles(width, BLOCK);
  const sums = steps * BLOCK ** 2 * rows.taps;
  const toeplitz = steps * BLOCK ** 2 * (cellLookup(pair.columns) + rows.cells * LOAD);
  const window =
    Math.min(height, BLOCK + rows.taps - 1) * Math.min(width, BLOCK + 2 * radius(pair.columns));
  return [
    {
      kernel: "general",
      programs,
      matrix: steps * rows.cells * 2 * BLOCK ** 3,
      sums,
      operations: sums * (LOAD + 1) + toeplitz,
      cached: programs * (window + BLOCK ** 2) * elementBytes(problem),
      moved: floorBytes(problem) + weightBytes(problem),
    },
  ];
}

/** `_weight_gradient_kernel`: the gradient of each row's Toeplitz matrix, then of its cells. */
export function generalWeightGradient(problem: Problem): Launch[] {
  const { pair, map, batch, channels, dtype } = problem;
  const { BLOCK } = LAUNCHES.weight_gradient[dtype];
  const rows = inReach(pair.rows, map[0]);
  const partial = rowPartials(problem);
  const products = channels * columnTiles(problem) * batch * tiles(map[0], BLOCK);
  const sums = products * BLOCK ** 2 * rows.taps;
  const gradients = products * rows.cells * BLOCK ** 2;
  const programs = channels * pair.rows.length * partial.parts;
  const cells = programs * BLOCK ** 2 * cellSums(pair.columns);
  const lines = 2 * rows.cells * BLOCK + rows.taps - rows.cells;
  return [
    {
      kernel: "weight_gradient",
      programs,
      matrix: gradients * 2 * BLOCK,
      sums,
      operations: sums * (LOAD + 1) + gradients * LOAD + cells,
      cached: products * lines * BLOCK * elementBytes(problem),
      moved: floorBytes(problem) + partial.bytes,
    },
    ...sumOfPartials(problem, partial),
  ];
}

/** Tiles of the columns of y, times those of the columns of x that each meets. */
function columnTiles({ pair, map: [, width], dtype }: Problem): number {
  const { BLOCK } = LAUNCHES.weight_gradient[dtype];
  return tiles(width, BLOCK) * tiles(Math.min(width, BLOCK + 2 * radius(pair.columns)), BLOCK);
}

/** An item is a tile of rows of one image. */
function rowPartials(problem: Problem): PartialSums {
  const { BLOCK } = LAUNCHES.weight_gradient[problem.dtype];
  const items = problem.batch * tiles(problem.map[0], BLOCK);
  return partialSums(problem, items, columnTiles(problem));
}

/** Bytes of the weight gradient's partial sums. */
export const generalPartials = (problem: Problem): number => rowPartials(problem).bytes;

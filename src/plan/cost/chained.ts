import { planChained } from "../triton/chained.js";
import type { Launch } from "./launch.js";
import { BAND, LOAD, SCALE } from "./operations.js";
import { elementBytes, floorBytes, inReach, type Problem, tiles } from "./problem.js";
import { operandBytes, toeplitz } from "./toeplitz.js";

/**
 * `_chained_HxW_kernel`: for every row of weights a product with a band, where some cell sums rows,
 * and one with a matrix, which all images of a program share.
 */
export function chainedConvolution(problem: Problem): Launch[] {
  const { pair, map, batch, channels } = problem;
  const { images, lines, columns, sums } = planChained(pair, map);
  const rows = inReach(pair.rows, map[0]).cells;
  const programs = channels * tiles(batch, images);
  const taken = lines * columns;
  const loads = sums ? taken * LOAD : rows * taken * LOAD;
  const band = sums ? rows * (lines ** 2 * BAND + taken * SCALE) : 0;
  const operand = rows * columns ** 2;
  const fetched = operand + 2 * taken;
  return [
    toeplitz(problem, columns, columns),
    {
      kernel: "chained",
      programs,
      matrix: programs * rows * 2 * taken * (columns + (sums ? lines : 0)),
      sums: 0,
      operations: programs * (loads + band),
      cached: programs * fetched * elementBytes(problem),
      moved: floorBytes(problem) + operandBytes(problem, columns, columns),
    },
  ];
}

/** Bytes of scratch memory: the Toeplitz matrices. */
export function chainedOperands(problem: Problem): number {
  const { columns } = planChained(problem.pair, problem.map);
  return operandBytes(problem, columns, columns);
}

import { LAUNCHES } from "../triton/launches.js";
import type { Launch } from "./launch.js";
import { cellLookup, LOAD } from "./operations.js";
import { elementBytes, floorBytes, type Problem, tiles, weightBytes } from "./problem.js";

/** Instructions for row, column and bounds of a tap, beside the cells that hold it. */
const BOUNDS = 8;

/** `_gemm_kernel`: one product a channel, whose matrix every program makes of the weights. */
export function gemmConvolution(problem: Problem): Launch[] {
  const { pair, map, batch, channels, dtype } = problem;
  const pixels = map[0] * map[1];
  const { BLOCK_N, BLOCK_K, BLOCK_Q } = LAUNCHES.gemm[dtype];
  const programs = channels * tiles(batch, BLOCK_N) * tiles(pixels, BLOCK_Q);
  const steps = programs * tiles(pixels, BLOCK_K);
  const element = BOUNDS + cellLookup(pair.rows) + cellLookup(pair.columns) + LOAD;
  return [
    {
      kernel: "gemm",
      programs,
      matrix: steps * 2 * BLOCK_N * BLOCK_K * BLOCK_Q,
      sums: 0,
      operations: steps * BLOCK_K * (BLOCK_Q * element + BLOCK_N * LOAD),
      cached: (steps * BLOCK_N * BLOCK_K + programs * BLOCK_N * BLOCK_Q) * elementBytes(problem),
      moved: floorBytes(problem) + weightBytes(problem),
    },
  ];
}

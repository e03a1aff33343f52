import { axisLength, kernelSize } from "../../analyse/grid.js";
import { LAUNCHES } from "../triton/launches.js";
import type { Launch } from "./launch.js";
import { LOAD } from "./operations.js";
import { elementBytes, floorBytes, type Problem, tiles, weightBytes } from "./problem.js";

/** `_direct_kernel`: every tap is a load and a multiply-add for every pixel. */
export function directConvolution(problem: Problem): Launch[] {
  const { pair, map, batch, channels, dtype } = problem;
  const [height, width] = map;
  const { BLOCK } = LAUNCHES.direct[dtype];
  const [tall, wide] = kernelSize(pair);
  const programs = batch * channels * tiles(height * width, BLOCK);
  const window = Math.min(height * width, BLOCK + (axisLength(pair.rows) - 1) * width);
  const taps = programs * BLOCK * tall * wide;
  return [
    {
      kernel: "direct",
      programs,
      matrix: 0,
      sums: 2 * taps,
      operations: taps * (LOAD + 1),
      cached: programs * (window + BLOCK) * elementBytes(problem),
      moved: floorBytes(problem) + weightBytes(problem),
    },
  ];
}

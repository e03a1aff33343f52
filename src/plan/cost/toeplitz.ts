import { LAUNCHES } from "../triton/launches.js";
import type { Launch } from "./launch.js";
import { cellLookup, LOAD } from "./operations.js";
import { elementBytes, type Problem, tiles, weightBytes } from "./problem.js";

/** Bytes of the Toeplitz matrices of all channels: every row of weights, in reach or not. */
export function operandBytes(problem: Problem, span: number, columns: number): number {
  return problem.channels * problem.pair.rows.length * span * columns * elementBytes(problem);
}

/** `_toeplitz_kernel`. */
export function toeplitz(problem: Problem, span: number, columns: number): Launch {
  const { pair, channels, dtype } = problem;
  const { BLOCK } = LAUNCHES.toeplitz[dtype];
  const programs = channels * pair.rows.length * tiles(span, BLOCK);
  const elements = programs * BLOCK * columns;
  const bytes = operandBytes(problem, span, columns);
  return {
    kernel: "toeplitz",
    programs,
    matrix: 0,
    sums: 0,
    operations: elements * (LOAD + cellLookup(pair.columns)),
    cached: bytes,
    moved: bytes + weightBytes(problem),
  };
}

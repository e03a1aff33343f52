import { reachedRuns } from "../triton/cells.js";
import { LAUNCHES } from "../triton/launches.js";
import { type PlanesPlan, planPlanes } from "../triton/planes.js";
import { boxBytes, sumBoxes, writtenBytes } from "./boxes.js";
import type { Launch } from "./launch.js";
import { LOAD } from "./operations.js";
import { type PartialSums, partialSums, sumOfPartials } from "./partial-sums.js";
import { elementBytes, floorBytes, inReach, outputs, type Problem, tiles } from "./problem.js";
import { operandBytes, toeplitz } from "./toeplitz.js";
import { weightGradient } from "./weight-gradient.js";

const planOf = ({ pair, map }: Problem): PlanesPlan => planPlanes(pair, map);

/** Blocks of columns of x that the tiles along the width meet, all tiles together. */
function columnSteps({ columns, margin, mapWidth }: PlanesPlan, block: number): number {
  let steps = 0;
  for (let first = 0; first < mapWidth; first += columns) {
    const begin = Math.max(first - margin, 0);
    steps += tiles(Math.min(first + columns + margin, mapWidth) - begin, block);
  }
  return steps;
}

/** Lines of boxes that a tile of `block` lines meets: cells of one size share those between them. */
function boxLines({ pair, map }: Problem, block: number): number {
  const bySize = new Map<string, { cells: number; first: number; last: number }>();
  for (const { size, scale, count, first } of reachedRuns(pair.rows, map[0])) {
    const key = `${size}/${scale}`;
    const before = bySize.get(key) ?? { cells: 0, first };
    const last = first + (count - 1) * size;
    bySize.set(key, { cells: before.cells + count, first: before.first, last });
  }
  return [...bySize.values()].reduce(
    (sum, { cells, first, last }) => sum + Math.min(cells * block, block + last - first),
    0,
  );
}

/** `_planes_HxW_kernel` and what it reads. */
function convolve(problem: Problem, plan: PlanesPlan, singles: boolean): Launch[] {
  const { pair, map, batch, channels, dtype } = problem;
  const { BLOCK_M, BLOCK_K } = LAUNCHES.planes[dtype];
  const { columns, span } = plan;
  const lines = channels * tiles(batch * map[0], BLOCK_M);
  const steps = lines * columnSteps(plan, BLOCK_K);
  const products = steps * inReach(pair.rows, map[0]).cells;
  const fetched = steps * boxLines(problem, BLOCK_M) + products * columns;
  const unread = plan.singles ? 0 : outputs(problem) * elementBytes(problem);
  const boxes = writtenBytes(problem, plan.rowBoxes, false);
  return [
    ...sumBoxes(problem, plan.rowBoxes, singles),
    toeplitz(problem, span, columns),
    {
      kernel: "planes",
      programs: lines * plan.tilesW,
      matrix: products * 2 * BLOCK_M * BLOCK_K * columns,
      sums: 0,
      operations: products * BLOCK_M * BLOCK_K * LOAD,
      cached: fetched * BLOCK_K * elementBytes(problem),
      moved: floorBytes(problem) - unread + boxes + operandBytes(problem, span, columns),
    },
  ];
}

export const planesConvolution = (problem: Problem): Launch[] =>
  convolve(problem, planOf(problem), false);

/** With the row boxes that the weight's gradient takes as well. */
export function planesInputGradient(problem: Problem): Launch[] {
  const plan = planOf(problem);
  return convolve(problem, plan, plan.gradient !== false);
}

/** `_planes_gradient_HxW_kernel` on the row boxes of the input gradient, and what else it reads. */
export function planesWeightGradient(problem: Problem): Launch[] {
  const plan = planOf(problem);
  const { gradient, pixels, rowBoxes, columnBoxes } = plan;
  if (gradient === false) return weightGradient(problem);
  const { batch, channels, dtype } = problem;
  const { BLOCK } = LAUNCHES.planes_gradient[dtype];
  const { paddedRows, paddedColumns } = gradient;
  const partial = planesPartialSums(problem);
  const steps = batch * channels * tiles(pixels, BLOCK);
  const loaded = steps * BLOCK * (paddedRows + paddedColumns);
  const read = boxBytes(problem, rowBoxes, true) + boxBytes(problem, columnBoxes, true);
  return [
    ...sumBoxes(problem, columnBoxes, true),
    {
      kernel: "planes_gradient",
      programs: channels * partial.parts,
      matrix: steps * 2 * paddedRows * paddedColumns * BLOCK,
      sums: 0,
      operations: loaded * LOAD,
      cached: read,
      moved: read + partial.bytes,
    },
    ...sumOfPartials(problem, partial),
  ];
}

const planesPartialSums = (problem: Problem): PartialSums => partialSums(problem, problem.batch);

/** Bytes of scratch memory; the boxes of columns are held for the weight's gradient alone. */
export function planesScratch(problem: Problem) {
  const plan = planOf(problem);
  const byProduct = plan.gradient !== false;
  return {
    operands: operandBytes(problem, plan.span, plan.columns),
    boxes:
      boxBytes(problem, plan.rowBoxes, byProduct) +
      (byProduct ? boxBytes(problem, plan.columnBoxes, true) : 0),
    ...(byProduct ? { partials: planesPartialSums(problem).bytes } : {}),
  };
}

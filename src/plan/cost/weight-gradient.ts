import { fitsTile } from "../triton/method.js";
import { planTile } from "../triton/tile.js";
import { generalPartials, generalWeightGradient } from "./general.js";
import type { Launch } from "./launch.js";
import { BAND, cellSums, LOAD, SCALE } from "./operations.js";
import { type PartialSums, partialSums, sumOfPartials } from "./partial-sums.js";
import { elementBytes, floorBytes, type Problem, tiles } from "./problem.js";

/** Whether the map has a kernel of its own: half types alone, whatever convolves it. */
export const isPlanned = ({ map, dtype }: Problem): boolean => dtype === "half" && fitsTile(map);

/** The weight's gradient of every method that has no row boxes for it. */
export const weightGradient = (problem: Problem): Launch[] =>
  isPlanned(problem) ? plannedWeightGradient(problem) : generalWeightGradient(problem);

/** Bytes of its partial sums. */
export const weightPartials = (problem: Problem): number =>
  isPlanned(problem) ? groupPartials(problem).bytes : generalPartials(problem);

/**
 * `_weight_gradient_HxW_kernel`: for every row of weights, in reach or not, and every tile of
 * images a product with a band and one that adds up the gradient of the row's Toeplitz matrix.
 */
function plannedWeightGradient(problem: Problem): Launch[] {
  const { pair, channels } = problem;
  const { lines, columns } = planTile(problem.map);
  const partial = groupPartials(problem);
  const programs = channels * pair.rows.length * partial.parts;
  const steps = channels * pair.rows.length * groups(problem);
  const tile = lines * columns;
  return [
    {
      kernel: "planned_weight_gradient",
      programs,
      matrix: steps * 2 * tile * (lines + columns),
      sums: 0,
      operations:
        steps * tile * (2 * LOAD + SCALE) +
        programs * (lines ** 2 * BAND + columns ** 2 * cellSums(pair.columns)),
      cached: steps * 2 * tile * elementBytes(problem),
      moved: floorBytes(problem) + partial.bytes,
    },
    ...sumOfPartials(problem, partial),
  ];
}

/** Tiles of images: of one, or of several below each other. */
const groups = ({ batch, map }: Problem): number => tiles(batch, planTile(map).images);

/** `_MAX_GROUP_CHUNKS` of a kernel file. */
const MOST_GROUP_CHUNKS = 8;

const groupPartials = (problem: Problem): PartialSums =>
  partialSums(problem, groups(problem), 1, MOST_GROUP_CHUNKS);

import type { BoxesPlan } from "../triton/boxes.js";
import { LAUNCHES } from "../triton/launches.js";
import type { Launch } from "./launch.js";
import { LOAD } from "./operations.js";
import { elementBytes, outputs, type Problem, tiles } from "./problem.js";

/** Bytes of memory for the boxes of all planes; none where nothing is summed and none are asked. */
export function boxBytes(problem: Problem, plan: BoxesPlan, singles: boolean): number {
  if (plan.boxes.length === 0 && !singles) return 0;
  return problem.batch * problem.channels * plan.boxesSize * elementBytes(problem);
}

/** Bytes of those that are written. */
export function writtenBytes(problem: Problem, plan: BoxesPlan, singles: boolean): number {
  const unwritten = plan.singles && !singles ? outputs(problem) * elementBytes(problem) : 0;
  return Math.max(0, boxBytes(problem, plan, singles) - unwritten);
}

/**
 * `_row_boxes_HxW_kernel` or that of columns: the largest box is summed once, smaller ones on the
 * way.
 *
 * @param singles - whether single rows (columns) are copied as well
 */
export function sumBoxes(problem: Problem, plan: BoxesPlan, singles: boolean): Launch[] {
  const written = writtenBytes(problem, plan, singles);
  if (written === 0) return [];
  const { BLOCK, LANES } = LAUNCHES.boxes[problem.dtype];
  const planes = problem.batch * problem.channels;
  const programs = planes * tiles(plan.begun, BLOCK) * tiles(plan.lanes, LANES);
  const elements = programs * BLOCK * LANES;
  const additions = plan.before + 1;
  const bytes = elementBytes(problem);
  return [
    {
      kernel: "boxes",
      programs,
      matrix: 0,
      sums: elements * additions,
      operations: elements * (additions * (LOAD + 1) + plan.boxes.length * LOAD),
      cached: programs * (BLOCK + plan.before) * LANES * bytes + written,
      moved: outputs(problem) * bytes + written,
    },
  ];
}

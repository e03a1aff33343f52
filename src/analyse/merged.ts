import type { GridPair } from "../ir/index.js";
import { densePair, holdsBranch, kernelSize } from "./grid.js";
import type { StageShape } from "./shapes.js";

/** Whether the parallel branch adds into the first large kernel without breaking its sharing. */
export function branchMerges({ mixer, grids }: StageShape): boolean {
  const { branch } = mixer;
  return branch === false || grids.slice(0, 1).every((pair) => holdsBranch(pair, branch));
}

/** The first large kernel that `fuse()` leaves: dense where the branch breaks its sharing. */
export function mergedPair(stage: StageShape): GridPair {
  const [first] = stage.grids;
  if (first === undefined) throw new TypeError("a mixer has a kernel");
  return branchMerges(stage) ? first : densePair(kernelSize(first));
}

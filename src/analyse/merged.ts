import type { GridPair } from "../ir/index.js";
import { densePair, holdsBranch, kernelSize, zoneCount } from "./grid.js";
import type { StageShape } from "./shapes.js";

/** Whether the parallel branch adds into the first large kernel without breaking its sharing. */
export function branchMerges({ mixer, grids }: StageShape): boolean {
  const { branch } = mixer;
  return branch === false || grids.slice(0, 1).every((pair) => holdsBranch(pair, branch));
}

/** The large kernels that `fuse()` leaves: the first is dense where the branch breaks its sharing. */
function mergedGrids(stage: StageShape): readonly GridPair[] {
  const { branch } = stage.mixer;
  const [first, ...others] = stage.grids;
  if (first === undefined || branch === false || branchMerges(stage)) return stage.grids;
  const [height, width] = kernelSize(first);
  return [densePair([Math.max(height, branch), Math.max(width, branch)]), ...others];
}

const zones = (grids: readonly GridPair[]): number =>
  grids.reduce((sum, pair) => sum + zoneCount(pair), 0);

/**
 * Parameters of a stage's mixers and its embedding after `fuse()`: every BatchNorm folded into a
 * weight and one bias, the branch added into the large kernel. A masked embedding under a norm
 * keeps the weight that it is multiplied with, scaled but without the branch, beside the merged one.
 */
export function mergedMixers(stage: StageShape): number {
  const { mixer, convolved, depth, kernel, grids } = stage;
  const masked = mixer.embedding === "masked";
  const block = zones(mergedGrids(stage)) + (masked && mixer.branch !== false ? zones(grids) : 0);
  const embedding = masked ? kernel[0] * kernel[1] : 0;
  return convolved * (depth * (block + 1) + embedding);
}

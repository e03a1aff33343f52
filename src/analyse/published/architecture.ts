import { canonicalJson, type Network } from "../../ir/index.js";
import { type StageShape, stageShapes } from "../shapes.js";

/**
 * Everything about a network that its parameters and its outputs follow from, as one text: equal
 * texts, equal networks, however they were declared. Its name, its input size and what only
 * training sees (initial values, drop path) are not in it.
 */
export function architecture(
  network: Network,
  stages: readonly StageShape[] = stageShapes(network),
): string {
  const { input, stem, downsample, block, head, sparsity } = network;
  return canonicalJson({
    channels: input.channels,
    stem,
    downsample,
    block: "layerScale" in block ? { ...block, layerScale: block.layerScale !== false } : block,
    stages: stages.map(({ depth, channels, convolved, grids, mixer: { branch, embedding } }) => ({
      depth,
      channels,
      convolved,
      grids,
      branch,
      embedding,
    })),
    head,
    sparsity,
  });
}

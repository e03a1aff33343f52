import type { GridPair, Size } from "../ir/index.js";
import { kernelSize, zoneCount } from "./grid.js";
import { foldedNorm, type Layer, norm, weighted } from "./layer.js";
import { mergedPair } from "./merged.js";
import type { StageShape } from "./shapes.js";

/** A depthwise kernel of a mixer. */
interface Kernel {
  readonly leaf: string;
  readonly size: Size;
  /** Shape of its weight after the channels. */
  readonly weight: readonly number[];
  /** Weights that `fuse()` leaves a channel. */
  readonly merged: number;
}

/** Computed densely, every tap of `k_h × k_w` is one multiply-add. */
function depthwise(name: string, stage: StageShape, kernel: Kernel, bias: boolean): Layer {
  const { map, convolved } = stage;
  const layer = weighted(name, {
    kind: "depthwise",
    shape: [convolved, ...kernel.weight],
    bias,
    macs: map[0] * map[1] * kernel.size[0] * kernel.size[1] * convolved,
  });
  const constant = !stage.normed && stage.mixer.embedding === "bias";
  return { ...layer, merged: convolved * (kernel.merged + (bias || constant ? 1 : 0)) };
}

/** A masked embedding keeps the weight that it is multiplied with, beside the merged one. */
function mergedWeights(stage: StageShape, pair: GridPair, index: number): number {
  const merged = zoneCount(index === 0 ? mergedPair(stage) : pair);
  return stage.mixer.embedding === "masked" && stage.normed ? merged + zoneCount(pair) : merged;
}

/**
 * The mixer of one block. Where it is normed, each convolution has a BatchNorm of its own; a
 * convolution that stands alone has a bias, which is the embedding where that is a constant a
 * channel. `fuse()` adds the branch to the first kernel, and all that the norms leave to its bias.
 */
export function mixerLayers(name: string, stage: StageShape): Layer[] {
  const { mixer, grids, convolved, normed } = stage;
  const bias = !normed && mixer.embedding !== "bias";
  const leaves = grids.length === 1 ? ["large"] : ["tall", "wide"];
  const kernels = grids.map(
    (pair, index): Kernel => ({
      leaf: leaves[index] ?? "",
      size: kernelSize(pair),
      weight: [pair.rows.length, pair.columns.length],
      merged: mergedWeights(stage, pair, index),
    }),
  );
  const { branch } = mixer;
  if (branch !== false) {
    // An ordinary convolution.
    kernels.push({ leaf: "small", size: [branch, branch], weight: [1, branch, branch], merged: 0 });
  }
  return kernels.flatMap((kernel, index) => {
    const convolution = depthwise(`${name}.${kernel.leaf}`, stage, kernel, bias);
    if (!normed) return [convolution];
    const normName = `${name}.${kernel.leaf}_norm`;
    const own = index === 0 ? foldedNorm(normName, convolved) : norm(normName, convolved);
    return [convolution, index === 0 ? own : { ...own, merged: 0 }];
  });
}

/**
 * Kernel-wise positional embedding (PeLK, equation 3): one `(g, k_h, k_w)` tensor for all blocks
 * of a stage. As a bias it costs nothing an image; masked, each block multiplies the window
 * matrices of the map with the weighted embedding, `(H × k_h) · (k_h × k_w) · (k_w × W)`.
 */
export function embeddingLayer(name: string, stage: StageShape): Layer {
  const [height, width] = stage.map;
  const [taps, span] = stage.kernel;
  const masked = stage.mixer.embedding === "masked";
  const windows = stage.convolved * (height * taps * span + height * span * width);
  return {
    name,
    kind: "embedding",
    tensors: [{ name, shape: [stage.convolved, taps, span], sparse: false }],
    macs: masked ? stage.depth * windows : 0,
    merged: masked ? stage.convolved * taps * span : 0,
  };
}

import type { GridPair, Network, Size } from "../ir/index.js";
import { kernelSize } from "./grid.js";
import type { StageShape } from "./shapes.js";

/** What a layer does; its parameters and multiply-adds follow from it. */
export type LayerKind = "convolution" | "depthwise" | "linear" | "norm" | "scale" | "embedding";

/** One trainable tensor. */
export interface Tensor {
  /** Full name in the emitted module, as in its `named_parameters()`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether sparse training masks it: matrices, convolutions and shared weights; no vectors. */
  readonly masked: boolean;
}

/** One layer of the emitted module in training form. */
export interface Layer {
  /** Name in the emitted module. */
  readonly name: string;
  readonly kind: LayerKind;
  readonly tensors: readonly Tensor[];
  /** Multiply-adds of one image. Norms, activations, scales and constants count as none. */
  readonly macs: number;
}

export function numel(tensor: Tensor): number {
  return tensor.shape.reduce((product, side) => product * side, 1);
}

/** A layer with a weight that sparse training masks, and a bias that it does not. */
function weighted(
  name: string,
  kind: LayerKind,
  shape: readonly number[],
  bias: boolean,
  macs: number,
): Layer {
  const weight = { name: `${name}.weight`, shape, masked: true };
  const vector = { name: `${name}.bias`, shape: shape.slice(0, 1), masked: false };
  return { name, kind, tensors: bias ? [weight, vector] : [weight], macs };
}

/** LayerNorm or BatchNorm: a scale and a shift a channel. */
function norm(name: string, channels: number): Layer {
  const tensor = (leaf: string) => ({ name: `${name}.${leaf}`, shape: [channels], masked: false });
  return { name, kind: "norm", tensors: [tensor("weight"), tensor("bias")], macs: 0 };
}

/** A `stride × stride` convolution of that stride, bias included. */
function patchify(name: string, from: number, to: StageShape, stride: number): Layer {
  const [height, width] = to.map;
  const macs = height * width * stride * stride * from * to.channels;
  return weighted(name, "convolution", [to.channels, from, stride, stride], true, macs);
}

function linear(name: string, from: number, to: number, pixels: number): Layer {
  return weighted(name, "linear", [to, from], true, pixels * from * to);
}

/** A depthwise kernel; computed densely, every tap of `k_h × k_w` is one multiply-add. */
function depthwise(name: string, stage: StageShape, kernel: Kernel, bias: boolean): Layer {
  const [height, width] = stage.map;
  const [tall, wide] = kernel.size;
  const macs = height * width * tall * wide * stage.convolved;
  return weighted(name, "depthwise", [stage.convolved, ...kernel.weight], bias, macs);
}

interface Kernel {
  readonly size: Size;
  /** Shape of its weight after the channels. */
  readonly weight: readonly number[];
}

const sharedKernel = (pair: GridPair): Kernel => ({
  size: kernelSize(pair),
  weight: [pair.rows.length, pair.columns.length],
});

/** The parallel branch is an ordinary convolution. */
const smallKernel = (side: number): Kernel => ({ size: [side, side], weight: [1, side, side] });

/**
 * The mixer of one block. Beside a parallel branch, and in stripes, each convolution has a
 * BatchNorm of its own; a convolution that stands alone has a bias, which is the embedding where
 * that is a constant a channel.
 */
function mixerLayers(name: string, stage: StageShape): Layer[] {
  const { mixer, grids, convolved } = stage;
  const parallel = mixer.branch !== false || mixer.type === "stripes";
  const bias = !parallel && mixer.embedding !== "bias";
  const leaves = grids.length === 1 ? ["large"] : ["tall", "wide"];
  const kernels = grids.map((pair, index) => ({ leaf: leaves[index], kernel: sharedKernel(pair) }));
  if (mixer.branch !== false) kernels.push({ leaf: "small", kernel: smallKernel(mixer.branch) });
  return kernels.flatMap(({ leaf, kernel }) => {
    const convolution = depthwise(`${name}.${leaf}`, stage, kernel, bias);
    return parallel ? [convolution, norm(`${name}.${leaf}_norm`, convolved)] : [convolution];
  });
}

function blockLayers(network: Network, stage: StageShape, name: string): Layer[] {
  const { channels } = stage;
  const pixels = stage.map[0] * stage.map[1];
  const hidden = channels * network.block.expansion;
  const layers = [
    ...mixerLayers(`${name}.mixer`, stage),
    norm(`${name}.norm`, channels),
    linear(`${name}.expand`, channels, hidden, pixels),
    linear(`${name}.project`, hidden, channels, pixels),
  ];
  if (network.block.layerScale !== false) {
    const tensor = { name: `${name}.layer_scale`, shape: [channels], masked: false };
    layers.push({ name: tensor.name, kind: "scale", tensors: [tensor], macs: 0 });
  }
  return layers;
}

/**
 * Kernel-wise positional embedding (PeLK, equation 3): one `(g, k_h, k_w)` tensor for all blocks
 * of a stage. As a bias it costs nothing an image; masked, each block multiplies the window
 * matrices of the map with the weighted embedding, `(H × k_h) · (k_h × k_w) · (k_w × W)`.
 */
function embeddingLayer(name: string, stage: StageShape): Layer {
  const [height, width] = stage.map;
  const [taps, span] = stage.kernel;
  const windows = stage.convolved * (height * taps * span + height * span * width);
  return {
    name,
    kind: "embedding",
    tensors: [{ name, shape: [stage.convolved, taps, span], masked: false }],
    macs: stage.mixer.embedding === "masked" ? stage.depth * windows : 0,
  };
}

function stageLayers(network: Network, stage: StageShape, before: StageShape | undefined): Layer[] {
  const name = `stages.${stage.index}`;
  const layers: Layer[] = [];
  if (before !== undefined) {
    const { stride } = network.downsample;
    layers.push(
      norm(`${name}.downsample.norm`, before.channels),
      patchify(`${name}.downsample.conv`, before.channels, stage, stride),
    );
  }
  if (stage.mixer.embedding !== false) layers.push(embeddingLayer(`${name}.embedding`, stage));
  for (let block = 0; block < stage.depth; block += 1) {
    layers.push(...blockLayers(network, stage, `${name}.blocks.${block}`));
  }
  return layers;
}

/** The layers of a network in the order of the forward pass, part by part. */
export interface NetworkLayers {
  readonly stem: readonly Layer[];
  /** A list a stage; from the second on it begins with the downsampling into the stage. */
  readonly stages: readonly (readonly Layer[])[];
  readonly head: readonly Layer[];
}

/** The layers of the emitted module in training form, under its own names. */
export function networkLayers(network: Network, stages: readonly StageShape[]): NetworkLayers {
  const [first] = stages;
  const last = stages.at(-1);
  if (first === undefined || last === undefined) throw new TypeError("a network has stages");
  const { channels } = network.input;
  return {
    stem: [
      patchify("stem.conv", channels, first, network.stem.stride),
      norm("stem.norm", first.channels),
    ],
    stages: stages.map((stage, index) => stageLayers(network, stage, stages[index - 1])),
    head: [
      norm("head.norm", last.channels),
      linear("head.linear", last.channels, network.head.classes, 1),
    ],
  };
}

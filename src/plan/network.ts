import { account } from "../analyse/account.js";
import { type StageShape, stageShapes } from "../analyse/shapes.js";
import {
  type Block,
  type GridPair,
  type Head,
  leastSide,
  type Manifest,
  type Network,
  type Size,
  stageStride,
  toSize,
  totalStride,
} from "../ir/index.js";
import { kernelName } from "./kernel-name.js";
import { type MixerClass, planMixer, type StageMixer } from "./network-mixer.js";
import { type PackageModules, packageModules } from "./package-modules.js";

/** One stage as `model.py` builds it. */
export interface StagePlan {
  readonly className: string;
  readonly channels: number;
  /** Channels that the mixer gets. */
  readonly width: number;
  /** Channels that are convolved; the rest passes. */
  readonly convolved: number;
  /** Feature map at the network's input size, in pixels. */
  readonly map: Size;
  /** Pixels of the image's side a pixel of the map's. */
  readonly reduction: number;
  /** Channels of the stage before; false in the first stage, which has no downsampling. */
  readonly from: number | false;
  /** This stage's blocks, `first` to `end` (excluded), among all blocks of the network. */
  readonly first: number;
  readonly end: number;
  readonly mixer: StageMixer;
  /** Shape of the stage's embedding, `(g, k_h, k_w)`. */
  readonly embedding: readonly [number, number, number] | false;
}

/** Choices that several templates share. */
export interface NetworkFlags {
  /** Whether some stage convolves only a part of its channels. */
  readonly partial: boolean;
  /** Whether some mixer, before or after `fuse()`, can hand on the other channels itself. */
  readonly passes: boolean;
  /** Whether stages hand tensors to their blocks. */
  readonly shared: boolean;
  /** Whether `fuse()` changes any layer. */
  readonly fuses: boolean;
  /** Whether the stem is of convolutions with norms, which `fuse()` folds. */
  readonly convStem: boolean;
  /** Whether there are downsamplings, and they are of such convolutions. */
  readonly convDownsample: boolean;
  /** Whether blocks have norms with running statistics. */
  readonly blockNorms: boolean;
}

/** All that the templates print of a network. */
export interface NetworkPlan {
  readonly name: string;
  readonly input: { readonly channels: number; readonly size: Size };
  /** Side of a patch; false where there are none. */
  readonly patches: { readonly stem: number | false; readonly downsample: number | false };
  readonly block: Block;
  readonly head: Head;
  readonly dropPath: number;
  /** Standard deviation that weights start with. */
  readonly initStd: number;
  readonly blocks: number;
  /** Least side of an input: every map has a pixel. */
  readonly leastSide: number;
  /** Pixels of the image's side a pixel of the last map's, and how what is left over is rounded. */
  readonly reduction: { readonly stride: number; readonly rounds: "down" | "up" | "both" };
  readonly stages: readonly StagePlan[];
  /** Stages whose large kernel `fuse()` makes dense. */
  readonly denseStages: readonly number[];
  /** What `fuse()` does, in words; false where it changes nothing. */
  readonly fusion: string | false;
  /** Every mixer class of the package. */
  readonly mixers: readonly string[];
  readonly flags: NetworkFlags;
  /** Classes and functions of each file, in the order that they stand in it. */
  readonly modules: PackageModules;
  /** Parameters, for the manifest. */
  readonly params: Manifest["params"];
  /** Distinct kernels, sorted by their modules' names. */
  readonly kernels: readonly NetworkKernel[];
}

/** A kernel of a network: its module, its grids, and the maps that it meets at the input's size. */
interface NetworkKernel {
  readonly module: string;
  readonly pair: GridPair;
  readonly maps: readonly Size[];
}

/** The mixer that is a large-kernel convolution and nothing else. */
const ONE_CONVOLUTION = "LargeKernelMixer";

/**
 * Resolves a network into what its package's templates print.
 *
 * @throws FoveaError where a map would be empty or no channel is convolved
 */
export function planNetwork(network: Network): NetworkPlan {
  const { downsample, stem, head } = network;
  const { stages, classes, flags, block } = planStructure(network);
  return {
    name: network.name,
    input: { channels: network.input.channels, size: toSize(network.input.size) },
    patches: {
      stem: stem.type === "patchify" && stem.stride,
      downsample: downsample.type === "patchify" && stages.length > 1 && downsample.stride,
    },
    block,
    head,
    dropPath: network.dropPath,
    initStd: network.initStd,
    blocks: stages.at(-1)?.end ?? 0,
    leastSide: leastSide(network),
    reduction: { stride: totalStride(network), rounds: rounding(network) },
    stages,
    denseStages: stages.flatMap(({ mixer }, index) => (mixer.dense ? [index] : [])),
    fusion: flags.fuses && fusionWords(classes, flags),
    mixers: [...new Set(classes.flatMap(({ name, fused }) => [name, fused]))].sort(),
    flags,
    modules: packageModules({ network, stages, classes, flags }),
    params: account(network).params,
    kernels: distinctKernels(stages),
  };
}

/** What a network's modules are, without what they cost. */
export interface NetworkStructure extends Pick<NetworkPlan, "stages" | "flags" | "block"> {
  readonly classes: readonly MixerClass[];
}

/** @throws FoveaError where a map would be empty or no channel is convolved */
export function planStructure(network: Network): NetworkStructure {
  const { stem, downsample, block } = network;
  const shapes = stageShapes(network);
  const stages = planStages(network, shapes);
  const classes = distinctClasses(stages);
  const partial = shapes.some(({ mixed, convolved }) => convolved < mixed);
  const flags: NetworkFlags = {
    partial,
    passes: partial && classes.some(({ name, fused }) => [name, fused].includes(ONE_CONVOLUTION)),
    shared: stages.some(({ embedding }) => embedding !== false),
    fuses:
      stem.type === "convolutional" ||
      (downsample.type === "transition" && stages.length > 1) ||
      block.type === "replknet" ||
      classes.some(({ name, fused }) => name !== fused),
    convStem: stem.type === "convolutional",
    convDownsample: downsample.type === "transition" && stages.length > 1,
    blockNorms: block.type === "replknet" || classes.some(({ normed }) => normed),
  };
  return { stages, flags, block, classes };
}

function rounding({ stem, downsample, depths }: Network): "down" | "up" | "both" {
  const types = new Set([stem.type, ...(depths.length > 1 ? [downsample.type] : [])]);
  if (!types.has("patchify")) return "up";
  return types.size === 1 ? "down" : "both";
}

function fusionWords(classes: readonly MixerClass[], flags: NetworkFlags): string {
  const words: string[] = [];
  const norms = flags.convStem || flags.convDownsample || classes.some(({ normed }) => normed);
  if (norms) words.push("norms folded");
  if (classes.some(({ branch }) => branch)) words.push("branches merged");
  if (classes.some(({ bias }) => bias)) words.push("embeddings in biases");
  return words.join(", ");
}

function planStages(network: Network, shapes: readonly StageShape[]): StagePlan[] {
  let blocks = 0;
  return shapes.map((shape, index) => {
    const { embedding } = shape.mixer;
    const first = blocks;
    blocks += shape.depth;
    return {
      className: stageClass(embedding),
      channels: shape.channels,
      width: shape.mixed,
      convolved: shape.convolved,
      map: shape.map,
      reduction: stageStride(network, index),
      from: shapes[index - 1]?.channels ?? false,
      first,
      end: blocks,
      mixer: planMixer(shape),
      embedding: embedding !== false && [shape.convolved, ...shape.kernel],
    };
  });
}

function stageClass(embedding: "bias" | "masked" | false): string {
  if (embedding === false) return "Stage";
  return embedding === "bias" ? "BiasStage" : "MaskedStage";
}

function distinctClasses(stages: readonly StagePlan[]): MixerClass[] {
  const byName = new Map(stages.map(({ mixer: { mixer } }) => [mixer.name, mixer]));
  return [...byName.values()];
}

function distinctKernels(stages: readonly StagePlan[]): NetworkKernel[] {
  const byModule = new Map<string, NetworkKernel>();
  for (const { map, mixer } of stages) {
    const pairs = mixer.dense === false ? mixer.kernels : [...mixer.kernels, mixer.dense];
    for (const pair of pairs) {
      const module = kernelName(pair);
      const maps = byModule.get(module)?.maps ?? [];
      const isKnown = maps.some(([height, width]) => height === map[0] && width === map[1]);
      byModule.set(module, { module, pair, maps: isKnown ? maps : [...maps, map] });
    }
  }
  return [...byModule.values()].sort((a, b) => (a.module < b.module ? -1 : 1));
}

import { account } from "../analyse/account.js";
import { type StageShape, stageShapes } from "../analyse/shapes.js";
import {
  type GridPair,
  leastSide,
  type Manifest,
  type Network,
  type Size,
  toSize,
} from "../ir/index.js";
import { type Import, importLines } from "./imports.js";
import { kernelName } from "./kernel-name.js";
import { type MixerClass, planMixer, type StageMixer } from "./network-mixer.js";

/** One stage as `model.py` builds it. */
export interface StagePlan {
  readonly className: string;
  readonly channels: number;
  /** Channels that are convolved; the rest passes. */
  readonly convolved: number;
  /** Feature map at the network's input size, in pixels. */
  readonly map: Size;
  /** Channels of the stage before; false in the first stage, which has no downsampling. */
  readonly from: number | false;
  /** This stage's blocks, `first` to `end` (excluded), among all blocks of the network. */
  readonly first: number;
  readonly end: number;
  readonly mixer: StageMixer;
  /** Shape of the stage's embedding, `(g, k_h, k_w)`. */
  readonly embedding: readonly [number, number, number] | false;
}

/** One class or function of `model.py`: a template of `templates/modules`, and its own view. */
interface ModulePlan {
  readonly template: string;
  readonly mixer?: MixerClass;
}

/** Choices that several templates share. */
interface NetworkFlags {
  /** Whether some stage convolves only a part of its channels. */
  readonly partial: boolean;
  /** Whether some mixer, before or after `fuse()`, can hand on the other channels itself. */
  readonly passes: boolean;
  /** Whether stages hand tensors to their blocks. */
  readonly shared: boolean;
  /** Whether `fuse()` changes any layer. */
  readonly fuses: boolean;
}

/** All that the templates print of a network. */
export interface NetworkPlan {
  readonly name: string;
  readonly imports: readonly string[];
  readonly input: { readonly channels: number; readonly size: Size };
  readonly strides: { readonly stem: number; readonly downsample: number };
  readonly expansion: number;
  readonly layerScale: number | false;
  readonly classes: number;
  readonly dropPath: number;
  /** Standard deviation that weights start with. */
  readonly initStd: number;
  readonly blocks: number;
  /** Least side of an input: every map has a pixel. */
  readonly leastSide: number;
  readonly stages: readonly StagePlan[];
  /** Stages whose large kernel `fuse()` makes dense. */
  readonly denseStages: readonly number[];
  /** What `fuse()` does, in words; false where it changes nothing. */
  readonly fusion: string | false;
  /** Every mixer class of `model.py`. */
  readonly mixers: readonly string[];
  readonly flags: NetworkFlags;
  /** Classes and functions, in the order that they stand in `model.py`. */
  readonly modules: readonly ModulePlan[];
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

/**
 * Resolves a network into what its package's templates print.
 *
 * @throws FoveaError where a map would be empty or no channel is convolved
 */
export function planNetwork(network: Network): NetworkPlan {
  const stages = planStages(stageShapes(network));
  const classes = distinctClasses(stages);
  const kernels = distinctKernels(stages);
  const partial = stages.some(({ channels, convolved }) => convolved < channels);
  const flags: NetworkFlags = {
    partial,
    passes: partial && classes.some(({ name, fused }) => [name, fused].includes(ONE_CONVOLUTION)),
    shared: stages.some(({ embedding }) => embedding !== false),
    fuses: classes.some(({ name, fused }) => name !== fused),
  };
  const denseStages = stages.flatMap(({ mixer }, index) => (mixer.dense ? [index] : []));
  return {
    name: network.name,
    imports: importLines(
      modelImports(
        flags,
        classes,
        kernels.map(({ module }) => module),
      ),
    ),
    input: { channels: network.input.channels, size: toSize(network.input.size) },
    strides: { stem: network.stem.stride, downsample: network.downsample.stride },
    expansion: network.block.expansion,
    layerScale: network.block.layerScale,
    classes: network.head.classes,
    dropPath: network.dropPath,
    initStd: network.initStd,
    blocks: stages.at(-1)?.end ?? 0,
    leastSide: leastSide(network),
    stages,
    denseStages,
    fusion: flags.fuses && fusionWords(classes),
    mixers: [...new Set(classes.flatMap(({ name, fused }) => [name, fused]))].sort(),
    flags,
    modules: planModules(stages, classes, flags),
    params: account(network).params,
    kernels,
  };
}

/** The mixer that is a large-kernel convolution and nothing else. */
const ONE_CONVOLUTION = "LargeKernelMixer";

function fusionWords(classes: readonly MixerClass[]): string {
  const words: string[] = [];
  if (classes.some(({ branch, stripes }) => branch || stripes)) words.push("norms folded");
  if (classes.some(({ branch }) => branch)) words.push("branches merged");
  if (classes.some(({ bias }) => bias)) words.push("embeddings in biases");
  return words.join(", ");
}

function planStages(shapes: readonly StageShape[]): StagePlan[] {
  let blocks = 0;
  return shapes.map((shape, index) => {
    const { embedding } = shape.mixer;
    const first = blocks;
    blocks += shape.depth;
    return {
      className: stageClass(embedding),
      channels: shape.channels,
      convolved: shape.convolved,
      map: shape.map,
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

/** The reader meets the whole before its parts: network, stages, blocks, mixers, helpers. */
function planModules(
  stages: readonly StagePlan[],
  classes: readonly MixerClass[],
  flags: NetworkFlags,
): ModulePlan[] {
  const names = new Set(classes.map(({ name }) => name));
  const fused = new Set(classes.map((mixer) => mixer.fused));
  const added = (name: string): boolean => fused.has(name) && !names.has(name);
  const norms = classes.some(({ branch, stripes }) => branch || stripes);
  const optional = (template: string, wanted: boolean): ModulePlan[] =>
    wanted ? [{ template }] : [];
  return [
    { template: "network" },
    { template: "stem" },
    ...optional("downsample", stages.length > 1),
    { template: "stage" },
    ...optional(
      "bias_stage",
      classes.some(({ bias }) => bias),
    ),
    ...optional(
      "masked_stage",
      classes.some(({ masked }) => masked),
    ),
    { template: "block" },
    ...classes.map((mixer) => ({ template: mixer.template, mixer })),
    ...optional("large_kernel_mixer", added("LargeKernelMixer")),
    ...optional("fused_masked_mixer", added("FusedMaskedMixer")),
    ...optional("fused_stripes_mixer", added("FusedStripesMixer")),
    { template: "mixers" },
    { template: "head" },
    { template: "channel_norm" },
    { template: "drop_path" },
    { template: "initialise" },
    ...optional("convolution", flags.fuses),
    ...optional("fold", norms),
    ...optional(
      "zone_bias",
      classes.some(({ bias }) => bias),
    ),
    ...optional(
      "masked_bias",
      classes.some(({ masked }) => masked),
    ),
  ];
}

function modelImports(
  { shared }: NetworkFlags,
  classes: readonly MixerClass[],
  kernels: readonly string[],
): Import[] {
  const dense = classes.some((mixer) => mixer.dense);
  const imports: Import[] = [
    { module: "__future__", names: ["annotations"] },
    { module: "collections.abc", names: ["Iterable"] },
    { module: "copy" },
    { module: "torch" },
    { module: "torch", names: ["Tensor", "nn"] },
    { module: ".kernels", names: kernels },
  ];
  if (shared || dense) imports.push({ module: "collections.abc", names: ["Callable"] });
  if (dense) imports.push({ module: "warnings" });
  return imports;
}

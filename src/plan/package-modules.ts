import type { Network } from "../ir/index.js";
import type { NetworkFlags, StagePlan } from "./network.js";
import type { MixerClass } from "./network-mixer.js";

/** One class or function of a package: a template of `templates/modules`, and its own view. */
interface ModulePlan {
  readonly template: string;
  readonly mixer?: MixerClass;
}

/** What stands in each of a package's files, in that order. */
export interface PackageModules {
  /** The network as a whole. */
  readonly model: readonly ModulePlan[];
  /** Its parts: stem, stages, blocks, head. */
  readonly blocks: readonly ModulePlan[];
  /** Mixers, before and after `fuse()`. */
  readonly mixers: readonly ModulePlan[];
  /** Layers that several parts use. */
  readonly layers: readonly ModulePlan[];
}

interface Parts {
  readonly network: Network;
  readonly stages: readonly StagePlan[];
  readonly classes: readonly MixerClass[];
  readonly flags: NetworkFlags;
}

/** Which classes and functions a network needs, and none else. */
export function packageModules(parts: Parts): PackageModules {
  return {
    model: MODEL.map((template) => ({ template })),
    blocks: blockModules(parts),
    mixers: mixerModules(parts),
    layers: layerModules(parts),
  };
}

const when = (wanted: boolean, template: string): ModulePlan[] => (wanted ? [{ template }] : []);

const MODEL = ["network", "stage_indices", "check_classifier", "initialise"] as const;

function blockModules({ network, stages, classes, flags }: Parts): ModulePlan[] {
  const isReplknet = network.block.type === "replknet";
  const bias = classes.some((mixer) => mixer.bias);
  const masked = classes.some((mixer) => mixer.masked);
  return [
    { template: flags.convStem ? "convolutional_stem" : "patchify_stem" },
    ...when(stages.length > 1, flags.convDownsample ? "transition" : "patchify_downsample"),
    { template: "stage" },
    ...when(bias, "bias_stage"),
    ...when(masked, "masked_stage"),
    { template: isReplknet ? "replknet_block" : "convnext_block" },
    ...when(isReplknet, "conv_ffn"),
    { template: "head" },
  ];
}

function mixerModules({ classes }: Parts): ModulePlan[] {
  const names = new Set(classes.map(({ name }) => name));
  const fused = new Set(classes.map((mixer) => mixer.fused));
  const added = (name: string): boolean => fused.has(name) && !names.has(name);
  const bias = classes.some((mixer) => mixer.bias);
  const masked = classes.some((mixer) => mixer.masked);
  const merges = classes.some((mixer) => mixer.name !== mixer.fused);
  return [
    ...classes.map((mixer) => ({ template: mixer.template, mixer })),
    ...when(added("LargeKernelMixer"), "large_kernel_mixer"),
    ...when(added("FusedMaskedMixer"), "fused_masked_mixer"),
    ...when(added("FusedStripesMixer"), "fused_stripes_mixer"),
    { template: "mixers" },
    ...when(merges, "convolution"),
    ...when(bias, "zone_bias"),
    ...when(masked, "masked_bias"),
  ];
}

function layerModules({ network, stages, classes, flags }: Parts): ModulePlan[] {
  const patches = !flags.convStem || (stages.length > 1 && !flags.convDownsample);
  const convNorms = flags.convStem || flags.convDownsample || network.block.type === "replknet";
  return [
    ...when(patches, "channel_norm"),
    ...when(convNorms, "conv_norm"),
    { template: "drop_path" },
    { template: "recomputed" },
    ...when(convNorms || classes.some(({ normed }) => normed), "fold"),
  ];
}

import { z } from "zod";
import { LIMITS } from "./limits.js";
import { Mixer } from "./mixer.js";
import { NetworkName } from "./name.js";

const Side = z.int().positive().max(LIMITS.inputSide);
const Stride = z.int().positive().max(LIMITS.inputSide);

/** A non-overlapping `stride × stride` convolution (ViT's patches, ConvNeXt's stem and downsampling). */
export const Patchify = z.strictObject({ type: z.literal("patchify"), stride: Stride });

/** Mixer, LayerNorm, linear ×expansion, GELU, linear, layer scale, drop path, shortcut (ConvNeXt, SLaK). */
const ConvNeXtBlock = z.strictObject({
  type: z.literal("convnext"),
  /** Hidden width of the two linear layers over the stage's width. */
  expansion: z.int().positive().max(64),
  /** Initial value of the layer scale, or none. */
  layerScale: z.union([z.number().positive(), z.literal(false)]),
});

export const Classifier = z.strictObject({
  type: z.literal("classifier"),
  classes: z.int().positive().max(LIMITS.classes),
});

/**
 * A network as declared, completed by the documented defaults, in the DSL's spelling. One stage
 * for each entry of `depths`, `widths` and `mixers`; the three have the same length.
 */
export const Network = z.strictObject({
  kind: z.literal("network"),
  name: NetworkName,
  description: z.string().nullable(),
  input: z.strictObject({
    channels: z.int().positive().max(LIMITS.width),
    /** Pixels, or `[height, width]`; what counts and maps are given for. */
    size: z.union([Side, z.tuple([Side, Side])]),
  }),
  stem: Patchify,
  downsample: Patchify,
  block: ConvNeXtBlock,
  /** Blocks a stage. */
  depths: z.array(z.int().positive().max(LIMITS.blocks)).min(1).max(LIMITS.stages),
  /** Channels a stage before widening. */
  widths: z.array(z.int().positive().max(LIMITS.width)).min(1).max(LIMITS.stages),
  /** Every stage has `int(width · widen)` channels (SLaK's width factor). */
  widen: z.number().positive().max(LIMITS.width),
  mixers: z.array(Mixer).min(1).max(LIMITS.stages),
  /**
   * Standard deviation of the truncated normal that weights start from: 0.02 in ConvNeXt, SLaK and
   * PeLK. Narrow networks need more, about 1/√width, or their blocks start as good as silent.
   */
  initStd: z.number().positive().max(1),
  /** Largest stochastic-depth rate; it grows linearly from 0 over all blocks. */
  dropPath: z.number().min(0).lt(1),
  /** Share of the weights that is zero after sparse training: counted here, trained by an experiment. */
  sparsity: z.number().min(0).lt(1),
  head: Classifier,
});
export type Network = z.infer<typeof Network>;
export type Stem = z.infer<typeof Patchify>;
export type Block = z.infer<typeof ConvNeXtBlock>;
export type Head = z.infer<typeof Classifier>;

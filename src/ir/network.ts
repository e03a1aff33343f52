import { z } from "zod";
import { Block } from "./block.js";
import { atLeast, atMost } from "./lengths.js";
import { LIMITS } from "./limits.js";
import { Mixer } from "./mixer.js";
import { NetworkName } from "./name.js";
import { Downsample, Stem } from "./reduction.js";

const Side = z.int().positive().max(LIMITS.inputSide);

/** Global mean, norm and a linear layer. */
export const Classifier = z.strictObject({
  type: z.literal("classifier"),
  classes: z.int().positive().max(LIMITS.classes),
  /** LayerNorm of the mean (ConvNeXt, SLaK), or BatchNorm before it (RepLKNet). */
  norm: z.enum(["layer", "batch"]),
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
  stem: Stem,
  downsample: Downsample,
  block: Block,
  /** Blocks a stage. */
  depths: z.array(z.int().positive().max(LIMITS.blocks)).check(atLeast(1), atMost(LIMITS.stages)),
  /** Channels a stage before widening. */
  widths: z.array(z.int().positive().max(LIMITS.width)).check(atLeast(1), atMost(LIMITS.stages)),
  /** Every stage has `int(width · widen)` channels (SLaK's width factor). */
  widen: z.number().positive().max(LIMITS.width),
  mixers: z.array(Mixer).check(atLeast(1), atMost(LIMITS.stages)),
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
export type Head = z.infer<typeof Classifier>;

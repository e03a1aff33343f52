import { z } from "zod";
import type { Size } from "./grid.js";
import { LIMITS } from "./limits.js";

const Stride = z.int().positive().max(LIMITS.inputSide);

/** A non-overlapping `stride × stride` convolution (ViT's patches, ConvNeXt's stem and downsampling). */
export const Patchify = z.strictObject({ type: z.literal("patchify"), stride: Stride });

/**
 * RepLKNet's stem (section 4.1): a 3×3 convolution of stride 2, a depthwise 3×3, a 1×1, and a
 * depthwise 3×3 of stride 2, each with BatchNorm and ReLU.
 */
export const ConvolutionalStem = z.strictObject({ type: z.literal("convolutional") });

/** RepLKNet's transition (section 4.1): a 1×1 and a depthwise 3×3 of stride 2, each with BatchNorm and ReLU. */
export const Transition = z.strictObject({ type: z.literal("transition") });

/** From an image to the first stage's map. */
export const Stem = z.discriminatedUnion("type", [Patchify, ConvolutionalStem]);
/** From a stage's map to the next one's. */
export const Downsample = z.discriminatedUnion("type", [Patchify, Transition]);

export type Stem = z.infer<typeof Stem>;
export type Downsample = z.infer<typeof Downsample>;

/** Pixels of a side that a stem or a downsampling makes one of. */
export function strideOf(reduction: Stem | Downsample): number {
  if (reduction.type === "patchify") return reduction.stride;
  return reduction.type === "convolutional" ? 4 : 2;
}

/**
 * The map that a stem or a downsampling makes of one, `[height, width]` in pixels. Patches neither
 * overlap nor pad, so that a side is `floor(side / stride)`, which may be 0; 3×3 convolutions pad,
 * and it is `ceil(side / stride)`.
 */
export function reducedMap(reduction: Stem | Downsample, [height, width]: Size): Size {
  const stride = strideOf(reduction);
  const round = reduction.type === "patchify" ? Math.floor : Math.ceil;
  return [round(height / stride), round(width / stride)];
}

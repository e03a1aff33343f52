import { type Downsample, Patchify, Transition } from "../ir/reduction.js";
import { declare, freeze } from "./declare.js";

/** What makes a stage's map of the one before. */
export const downsample = {
  /**
   * LayerNorm, and a convolution over patches of `stride × stride` that do not overlap (ConvNeXt).
   * A map's side becomes `floor(side / stride)`.
   */
  patchify(options: { readonly stride: number }): Extract<Downsample, { type: "patchify" }> {
    const fixed = { type: "patchify" };
    return freeze(declare({ what: "downsample.patchify", schema: Patchify, fixed, options }));
  },

  /**
   * RepLKNet's transition (section 4.1): a 1×1 convolution and a depthwise 3×3 of stride 2, each
   * with BatchNorm and ReLU. A map's side becomes `ceil(side / 2)`.
   */
  transition(
    options: Readonly<Record<string, never>> = {},
  ): Extract<Downsample, { type: "transition" }> {
    const fixed = { type: "transition" };
    return freeze(declare({ what: "downsample.transition", schema: Transition, fixed, options }));
  },
} as const;

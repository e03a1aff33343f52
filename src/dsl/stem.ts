import { ConvolutionalStem, Patchify, type Stem } from "../ir/reduction.js";
import { declare, freeze } from "./declare.js";

/** What makes the first stage's map of an image. */
export const stem = {
  /**
   * A convolution over patches of `stride × stride` that do not overlap, and LayerNorm (ConvNeXt).
   * A map's side is `floor(side / stride)`.
   */
  patchify(options: { readonly stride: number }): Extract<Stem, { type: "patchify" }> {
    return freeze(
      declare({ what: "stem.patchify", schema: Patchify, fixed: { type: "patchify" }, options }),
    );
  },

  /**
   * RepLKNet's (section 4.1): a 3×3 convolution of stride 2, a depthwise 3×3, a 1×1, and a
   * depthwise 3×3 of stride 2, each with BatchNorm and ReLU. A map's side is `ceil(side / 4)`.
   */
  convolutional(
    options: Readonly<Record<string, never>> = {},
  ): Extract<Stem, { type: "convolutional" }> {
    const fixed = { type: "convolutional" };
    return freeze(
      declare({ what: "stem.convolutional", schema: ConvolutionalStem, fixed, options }),
    );
  },
} as const;

import { Patchify, type Stem } from "../ir/network.js";
import { declare, freeze } from "./declare.js";

/** How an image, or a stage's output, becomes smaller. */
export const stem = {
  /**
   * A convolution over patches of `stride × stride` that do not overlap (ViT, ConvNeXt). A map's
   * side becomes `floor(side / stride)`.
   */
  patchify(options: { readonly stride: number }): Stem {
    return freeze(
      declare({ what: "stem.patchify", schema: Patchify, fixed: { type: "patchify" }, options }),
    );
  },
} as const;

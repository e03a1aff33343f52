import { stripes } from "../stripes.js";
import { CONVNEXT_FRAME, CONVNEXT_SIZES } from "./convnext.js";
import { family } from "./family.js";

export type SlakSize = keyof typeof CONVNEXT_SIZES;

/**
 * SLaK as published (Liu et al., ICLR 2023): stripes of 51, 49, 47, 13 by 5 with a 5×5 branch, in
 * ConvNeXt's frame, widths ×1.3, 40% sparsity.
 */
export const slak = family("slak", CONVNEXT_SIZES, (size) => ({
  ...CONVNEXT_FRAME,
  ...size,
  widen: 1.3,
  mixers: [51, 49, 47, 13].map((kernel) => stripes({ kernel, width: 5 })),
  sparsity: 0.4,
}));

import { peripheral } from "../peripheral.js";
import { CONVNEXT_FRAME, CONVNEXT_SIZES } from "./convnext.js";
import { family } from "./family.js";

export type PelkSize = keyof typeof CONVNEXT_SIZES;

/** PeLK, section 4.1: ConvNeXt's frame, SLaK's width factor and sparsity; drop path is SLaK's. */
const frame = { ...CONVNEXT_FRAME, widen: 1.3, sparsity: 0.4 } as const;

/** PeLK as published: kernels 51, 49, 47, 13 with a 5×5 centre, widths ×1.3, 40% sparsity. */
export const pelk = family("pelk", CONVNEXT_SIZES, (size) => ({
  ...frame,
  ...size,
  mixers: [51, 49, 47, 13].map((kernel) => peripheral({ kernel, centre: 5 })),
}));

const { tiny, base } = CONVNEXT_SIZES;
const SIZES_101 = { tiny, base } as const;
export type Pelk101Size = keyof typeof SIZES_101;

/** PeLK-101 as published: kernels 101, 69, 67, 13 with a 7×7 centre. */
export const pelk101 = family("pelk101", SIZES_101, (size) => ({
  ...frame,
  ...size,
  mixers: [101, 69, 67, 13].map((kernel) => peripheral({ kernel, centre: 7 })),
}));

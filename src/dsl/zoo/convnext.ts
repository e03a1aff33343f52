import { block } from "../block.js";
import { classifier } from "../classifier.js";
import { dense } from "../dense.js";
import { downsample } from "../downsample.js";
import { stem } from "../stem.js";
import { family } from "./family.js";

/** ConvNeXt, section 3.1; drop path as in the authors' training of each size. */
const SIZES = {
  tiny: { depths: [3, 3, 9, 3], widths: [96, 192, 384, 768], dropPath: 0.1 },
  small: { depths: [3, 3, 27, 3], widths: [96, 192, 384, 768], dropPath: 0.4 },
  base: { depths: [3, 3, 27, 3], widths: [128, 256, 512, 1024], dropPath: 0.5 },
} as const;
export type ConvNeXtSize = keyof typeof SIZES;

/** What ConvNeXt, SLaK and PeLK have in common: depths, widths and everything but the mixers. */
export const CONVNEXT_SIZES = SIZES;
export const CONVNEXT_FRAME = {
  input: { channels: 3, size: 224 },
  stem: stem.patchify({ stride: 4 }),
  downsample: downsample.patchify({ stride: 2 }),
  block: block.convnext({ expansion: 4, layerScale: 1e-6 }),
  head: classifier(1000),
} as const;

/** ConvNeXt as published (Liu et al., CVPR 2022): 7×7 depthwise kernels. */
export const convnext = family("convnext", SIZES, (size) => ({
  ...CONVNEXT_FRAME,
  ...size,
  mixers: [7, 7, 7, 7].map((kernel) => dense({ kernel })),
}));

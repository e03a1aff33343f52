import { block } from "../block.js";
import { classifier } from "../classifier.js";
import { dense } from "../dense.js";
import { downsample } from "../downsample.js";
import { stem } from "../stem.js";
import { family } from "./family.js";

/** RepLKNet, section 4.1 and table 5; drop path as in the authors' code. */
const SIZES = {
  "31b": { widths: [128, 256, 512, 1024], kernels: [31, 29, 27, 13], branch: 5, ratio: 1 },
  "31l": { widths: [192, 384, 768, 1536], kernels: [31, 29, 27, 13], branch: 5, ratio: 1 },
  xl: { widths: [256, 512, 1024, 2048], kernels: [27, 27, 27, 13], branch: false, ratio: 1.5 },
} as const;
export type RepLKNetSize = keyof typeof SIZES;

/** RepLKNet as published (Ding et al., CVPR 2022): dense kernels, beside a 5×5 branch but in XL. */
export const replknet = family("replknet", SIZES, ({ widths, kernels, branch, ratio }) => ({
  input: { channels: 3, size: 224 },
  stem: stem.convolutional(),
  downsample: downsample.transition(),
  block: block.replknet({ expansion: 4, ratio }),
  depths: [2, 2, 18, 2],
  widths,
  mixers: kernels.map((kernel) => dense({ kernel, branch })),
  dropPath: 0.3,
  head: classifier(1000, { norm: "batch" }),
}));

import type { Explanation } from "./explanation.js";

const declared = (
  mixer: string,
  more = "",
): string => `import { classifier, dense, grid, network, peripheral, stem, stripes } from "fovea";

export default network("mine", {
  input: { channels: 3, size: 64 },
  stem: stem.patchify({ stride: 4 }),
  depths: [2],
  widths: [16],
  mixers: [${mixer}],
  head: classifier(10),${more}
});
`;
const DENSE = "dense({ kernel: 7 })";

/** Codes of what is allowed, and probably not meant or worth knowing. */
export const CHECKS = {
  FOV0200: {
    why: "Merged into the kernel, a branch that is wider than the unshared centre makes weights differ that were shared: `fuse()` makes the layer dense.",
    mend: "Take a branch no wider than the centre.",
    example: { file: declared("peripheral({ kernel: 31, centre: 3, branch: 5 })") },
  },
  FOV0201: {
    why: "The parallel branch is as large as the kernel: two kernels of one size learn one sum.",
    mend: "Leave the branch out with `branch: false`, or take a larger kernel.",
    example: { file: declared("dense({ kernel: 5, branch: 5 })") },
  },
  FOV0202: {
    why: "Stripes that are no longer than wide are two equal squares.",
    mend: "Take a longer kernel, or dense().",
    example: { file: declared("stripes({ kernel: 5 })") },
  },
  FOV0203: {
    why: "The masked embedding varies over the map only where the kernel leaves the image; where it does so everywhere alike, the norm after it takes it away.",
    mend: 'Take `embedding: "bias"` or false.',
    example: {
      file: declared('peripheral({ kernel: 13, centre: 5, embedding: "masked" })').replace(
        "size: 64",
        "size: 4",
      ),
    },
  },
  FOV0204: {
    why: "What is left over outside the last whole cell is a cell of its own with parameters of its own, here of one tap.",
    mend: 'Take a side that fills exactly (the message names them), or `remainder: "merge"`.',
    example: { file: declared("peripheral({ kernel: 19, centre: 5 })") },
  },
  FOV0205: {
    why: "No cell outside the centre is wider than a tap.",
    mend: "Take a larger kernel or a smaller centre, or dense().",
    example: { file: declared("peripheral({ kernel: 5, centre: 5 })") },
  },
  FOV0206: {
    why: "The first cell would be wider than all that is outside the centre.",
    mend: "Take a smaller base.",
    example: { file: declared("peripheral({ kernel: 13, centre: 5, base: 9 })") },
  },
  FOV0207: {
    why: "Nothing is left over, so that there is nothing to merge.",
    mend: "Leave `remainder` out.",
    example: { file: declared('peripheral({ kernel: 17, centre: 5, remainder: "merge" })') },
  },
  FOV0208: {
    why: "Taps that are further out than the map is wide only ever see padding.",
    mend: "Take a kernel of at most twice the map's side less one, or a larger image.",
    example: { file: declared("dense({ kernel: 51 })") },
  },
  FOV0209: {
    why: "The embedding has a value for each tap, and the outer ones are never read.",
    mend: "Take a smaller kernel or a larger image.",
    example: { file: declared('peripheral({ kernel: 51, centre: 5, embedding: "masked" })') },
  },
  FOV0210: {
    why: "A BatchNorm needs two values a channel; of maps of one pixel a batch of one image has one.",
    mend: "Take a larger image, or train with batches of two at least.",
    example: {
      file: declared("peripheral({ kernel: 5, centre: 5 })").replace("size: 64", "size: 4"),
    },
  },
  FOV0211: {
    why: "The sparsity is less than one weight of every tensor.",
    mend: "Raise it, or leave it out.",
    example: { file: declared(DENSE, "\n  sparsity: 0.0001,") },
  },
  FOV0212: {
    why: "A network's sparsity is for its counts. What trains sparse is the experiment's `sparsity`.",
    mend: "Give the experiment the same.",
    example: { file: declared(DENSE, "\n  sparsity: 0.6,") },
  },
  FOV0213: {
    why: "Rates grow from 0 in the first block, and there is only that.",
    mend: "Leave `dropPath` out, or take more blocks.",
    example: { file: declared(DENSE, "\n  dropPath: 0.2,").replace("[2]", "[1]") },
  },
  FOV0214: {
    why: "A LayerNorm over one channel gives its bias, whatever it reads.",
    mend: "Take more channels.",
    example: { file: declared(DENSE).replace("[16]", "[1]") },
  },
  FOV0215: {
    why: "The probability of the only class is 1.",
    mend: "Take two classes at least.",
    example: { file: declared(DENSE).replace("classifier(10)", "classifier(1)") },
  },
  FOV0216: {
    why: "Patches do not fill the map, and what is left over is not read.",
    mend: "Take an image whose sides are multiples of all strides together.",
    example: { file: declared(DENSE).replace("size: 64", "size: 66") },
  },
  FOV0217: {
    why: "Matrix units of GPUs take channels by eights.",
    mend: "Take widths that are multiples of 8.",
    example: { file: declared(DENSE).replace("[16]", "[20]") },
  },
} as const satisfies Readonly<Record<string, Explanation>>;

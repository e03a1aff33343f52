import {
  block,
  classifier,
  convnext,
  dense,
  grid,
  network,
  peripheral,
  replknet,
  slak,
  stem,
} from "../../src/dsl/index.js";
import type { Network } from "../../src/ir/index.js";

const odd = {
  input: { channels: 2, size: 64 },
  depths: [2, 1, 3, 1],
  widths: [8, 12, 16, 20],
  head: classifier(7),
} as const;
const batch = { head: classifier(7, { norm: "batch" }) };

/** Kernels that hold those of `odd_convnext` (11, 9, 7, 3) unshared, in every kind of mixer. */
const holdConvnext = [
  peripheral({ kernel: 19, centre: 11, partial: 1 }),
  peripheral({ kernel: 13, centre: 9, partial: 1, branch: false }),
  peripheral({ kernel: 13, centre: 7, partial: 1, branch: false, embedding: "masked" }),
  peripheral({ kernel: 7, centre: 3, partial: 1, branch: 3, embedding: false }),
] as const;

const paired = {
  input: { channels: 3, size: 32 },
  stem: stem.patchify({ stride: 2 }),
  depths: [2, 1],
  widths: [8, 12],
  head: classifier(10),
} as const;

/** Networks to project onto, and pairs to resize between. Sources are in `weights-networks.ts`. */
export const reparamNetworks: readonly Network[] = [
  convnext("tiny", { ...odd, name: "holds_convnext", mixers: holdConvnext }),
  convnext("tiny", {
    ...odd,
    name: "pelk_convnext",
    mixers: [
      peripheral({ kernel: 15, centre: 3 }),
      peripheral({ kernel: 7, centre: 3, branch: 3 }),
      grid({ cells: [2, 1, 3, 1], embedding: "bias", partial: 0.5 }),
      peripheral({ kernel: 9, centre: 1, branch: 3 }),
    ],
  }),
  // The branch of 3 stays one, that of 5 does not.
  slak("tiny", {
    ...odd,
    name: "holds_slak",
    mixers: [
      peripheral({ kernel: 21, centre: 15, branch: 3, partial: 1 }),
      peripheral({ kernel: 17, centre: 13, branch: 5, partial: 1, embedding: "masked" }),
      dense({ kernel: 13, branch: 3 }),
      peripheral({ kernel: 9, centre: 5, branch: false, partial: 1 }),
    ],
  }),
  slak("tiny", {
    ...odd,
    name: "pelk_slak",
    mixers: [
      peripheral({ kernel: 13, centre: 5 }),
      peripheral({ kernel: 13, centre: 5 }),
      peripheral({ kernel: 11, centre: 5 }),
      peripheral({ kernel: 7, centre: 5 }),
    ],
  }),
  replknet("31b", {
    ...odd,
    ...batch,
    name: "holds_replknet",
    mixers: [
      peripheral({ kernel: 21, centre: 15, branch: 3, partial: 1 }),
      peripheral({ kernel: 17, centre: 13, branch: false, partial: 1 }),
      peripheral({ kernel: 15, centre: 11, branch: 5, partial: 1, embedding: false }),
      dense({ kernel: 7, branch: 3 }),
    ],
  }),
  replknet("xl", {
    ...odd,
    ...batch,
    name: "holds_bare_replknet",
    block: block.replknet({ ratio: 1.5 }),
    mixers: [
      peripheral({ kernel: 21, centre: 15, branch: 3, partial: 1 }),
      peripheral({ kernel: 17, centre: 13, branch: false, partial: 1 }),
      dense({ kernel: 11 }),
      dense({ kernel: 9 }),
    ],
  }),
  network("short_kernels", {
    ...paired,
    mixers: [
      peripheral({ kernel: 13, centre: 3, branch: 3 }),
      peripheral({ kernel: 11, centre: 5, partial: 1, embedding: "masked" }),
    ],
  }),
  // The cells of short_kernels (3,2,1,1,1,2,3 and 1,2,1,1,1,1,1,2,1) cut finer, and more around them.
  network("long_kernels", {
    ...paired,
    mixers: [
      grid({
        cells: [4, 2, 1, 2, 1, 1, 1, 2, 1, 2, 4],
        partial: 3 / 8,
        embedding: "bias",
        branch: 3,
      }),
      peripheral({ kernel: 21, centre: 11, partial: 1, embedding: "masked" }),
    ],
  }),
  network("other_frame", {
    ...paired,
    depths: [1, 1],
    mixers: [
      peripheral({ kernel: 13, centre: 3, branch: false }),
      peripheral({ kernel: 11, centre: 5, partial: 1, embedding: "masked" }),
    ],
  }),
  network("wide_branches", {
    ...paired,
    mixers: [
      peripheral({ kernel: 13, centre: 5, branch: 7 }),
      peripheral({ kernel: 9, centre: 5, embedding: "masked", partial: 1 }),
    ],
  }),
];

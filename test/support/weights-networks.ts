import {
  block,
  classifier,
  convnext,
  dense,
  replknet,
  slak,
  stripes,
} from "../../src/dsl/index.js";
import type { Network } from "../../src/ir/index.js";

const odd = {
  input: { channels: 2, size: 64 },
  depths: [2, 1, 3, 1],
  widths: [8, 12, 16, 20],
  head: classifier(7),
} as const;
const batch = { head: classifier(7, { norm: "batch" }) };

/** Networks of the published families: one of a published size each, and variants of a user's. */
export const weightsNetworks: readonly Network[] = [
  slak("tiny"),
  convnext("tiny"),
  replknet("31b"),
  slak("tiny", {
    ...odd,
    name: "odd_slak",
    mixers: [
      stripes({ kernel: 15, width: 3, branch: 3 }),
      stripes({ kernel: 13, width: 3, branch: 3 }),
      stripes({ kernel: 11, width: 3, branch: 3 }),
      stripes({ kernel: 5, width: 3, branch: 3 }),
    ],
  }),
  slak("tiny", {
    ...odd,
    name: "whole_slak",
    mixers: [
      dense({ kernel: 15, branch: 5 }),
      dense({ kernel: 13, branch: 5 }),
      dense({ kernel: 11, branch: 5 }),
      dense({ kernel: 7, branch: 5 }),
    ],
  }),
  convnext("tiny", {
    ...odd,
    name: "odd_convnext",
    mixers: [
      dense({ kernel: 11 }),
      dense({ kernel: 9 }),
      dense({ kernel: 7 }),
      dense({ kernel: 3 }),
    ],
  }),
  replknet("31b", {
    ...odd,
    ...batch,
    name: "odd_replknet",
    mixers: [
      dense({ kernel: 15, branch: 3 }),
      dense({ kernel: 13, branch: 3 }),
      dense({ kernel: 11, branch: 3 }),
      dense({ kernel: 7, branch: 3 }),
    ],
  }),
  replknet("xl", {
    ...odd,
    ...batch,
    name: "bare_replknet",
    block: block.replknet({ ratio: 1.5 }),
    mixers: [
      dense({ kernel: 15, branch: false }),
      dense({ kernel: 13, branch: false }),
      dense({ kernel: 11, branch: false }),
      dense({ kernel: 7, branch: false }),
    ],
  }),
];

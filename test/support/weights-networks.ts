import { classifier, dense, network, stem, stripes } from "../../src/dsl/index.js";
import type { Network } from "../../src/ir/index.js";

const frame = {
  input: { channels: 3, size: 224 },
  stem: stem.patchify({ stride: 4 }),
  depths: [3, 3, 9, 3],
  widths: [96, 192, 384, 768],
  head: classifier(1000),
} as const;

const odd = {
  input: { channels: 2, size: 64 },
  stem: stem.patchify({ stride: 4 }),
  depths: [2, 1, 3, 1],
  widths: [8, 12, 16, 20],
  head: classifier(7),
} as const;

/** Networks of the published families: at a published size, and variants that a user declares. */
export const weightsNetworks: readonly Network[] = [
  network("weights_slak_tiny", {
    ...frame,
    widen: 1.3,
    mixers: [
      stripes({ kernel: 51 }),
      stripes({ kernel: 49 }),
      stripes({ kernel: 47 }),
      stripes({ kernel: 13 }),
    ],
  }),
  network("weights_slak_odd", {
    ...odd,
    widen: 1.3,
    mixers: [
      stripes({ kernel: 15, width: 3, branch: 3 }),
      stripes({ kernel: 13, width: 3, branch: 3 }),
      stripes({ kernel: 11, width: 3, branch: 3 }),
      stripes({ kernel: 5, width: 3, branch: 3 }),
    ],
  }),
  network("weights_slak_whole", {
    ...odd,
    widen: 1.3,
    mixers: [
      dense({ kernel: 15, branch: 5 }),
      dense({ kernel: 13, branch: 5 }),
      dense({ kernel: 11, branch: 5 }),
      dense({ kernel: 7, branch: 5 }),
    ],
  }),
  network("weights_convnext_tiny", {
    ...frame,
    mixers: [
      dense({ kernel: 7 }),
      dense({ kernel: 7 }),
      dense({ kernel: 7 }),
      dense({ kernel: 7 }),
    ],
  }),
  network("weights_convnext_odd", {
    ...odd,
    mixers: [
      dense({ kernel: 11 }),
      dense({ kernel: 9 }),
      dense({ kernel: 7 }),
      dense({ kernel: 3 }),
    ],
  }),
];

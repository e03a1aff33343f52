/** Every mixer, in three small networks for images of 96×64 pixels. */
import { classifier, dense, grid, network, peripheral, stem, stripes } from "fovea";

const common = {
  input: { channels: 3, size: [96, 64] },
  stem: stem.patchify({ stride: 4 }),
  head: classifier(10),
} as const;

/** Rectangular kernels, and an embedding that varies towards the border. */
const rectangular = network("rectangular", {
  ...common,
  depths: [1, 2],
  widths: [16, 32],
  mixers: [
    peripheral({ kernel: [31, 21], centre: 5, embedding: "masked" }),
    peripheral({ kernel: [7, 15], centre: 3, remainder: "merge", partial: 1 }),
  ],
});

/** PeLK's table 5 turned round (fine outside, coarse within), and stripes. */
const unusual = network("unusual", {
  ...common,
  description: 'Grids that are "unusual": fine outside, coarse within.',
  depths: [1, 1, 1],
  widths: [16, 24, 32],
  widen: 1.3,
  mixers: [
    grid({ cells: [1, 1, 2, 4, 1, 4, 2, 1, 1], partial: 0.5, embedding: "bias" }),
    grid({ rows: [3, 1, 1, 1, 3], columns: [1, 1, 1], branch: 3 }),
    stripes({ kernel: 11, width: 3 }),
  ],
  sparsity: 0.4,
});

/** What the others are compared with: small kernels without sharing. */
const baseline = network("baseline", {
  ...common,
  depths: [1, 2],
  widths: [16, 32],
  mixers: [dense({ kernel: 7 }), dense({ kernel: 13, branch: 5 })],
  block: { layerScale: false },
  dropPath: 0.1,
});

export default [rectangular, unusual, baseline];

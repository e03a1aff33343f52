/** What the editor refuses of networks; see mixers.test-d.ts. */
import {
  block,
  classifier,
  convnext,
  dense,
  digits,
  downsample,
  experiment,
  figure6,
  type Mixer,
  type Network,
  network,
  pelk,
  pelk101,
  peripheral,
  replknet,
  slak,
  stem,
  uniform33,
} from "fovea";

declare const numbers: number[];
declare const mixers: Mixer[];
const settings = {
  input: { channels: 3, size: 224 },
  stem: stem.patchify({ stride: 4 }),
  head: classifier(10),
};
const mixer = dense({ kernel: 7 });

// Lists of one length, and lists that are not literal, compile.
network("a", { ...settings, depths: [1], widths: [8], mixers: [mixer] });
network("a", {
  ...settings,
  depths: [1, 2],
  widths: [8, 9],
  mixers: [mixer, peripheral({ kernel: 51, centre: 5 })],
});
network("a", { ...settings, depths: numbers, widths: [8, 9], mixers: [mixer, mixer] });
network("a", { ...settings, depths: [1, 2], widths: numbers, mixers });
network("a", {
  ...settings,
  depths: [1, 2],
  widths: [...numbers, 8],
  mixers: numbers.map(() => mixer),
});
network("a", {
  ...settings,
  depths: [1, 2],
  widths: [8, 9],
  mixers: [51, 49].map((kernel) => dense({ kernel })),
});
const net: Network = pelk("tiny");
network("b", { ...net, widen: 2 });
pelk("tiny", {});
pelk("small", { name: "mine", widths: [8, 16, 32, 64] });
pelk("base", { depths: [1], widths: [8], mixers: [mixer] });
pelk("base", { depths: numbers, widths: numbers, mixers });
pelk("tiny", { mixers: [mixer, mixer, mixer, mixer], dropPath: 0.2 });

network("a", {
  input: { channels: 3, size: 224 },
  stem: stem.convolutional(),
  downsample: downsample.transition(),
  block: block.replknet({ ratio: 1.5 }),
  depths: [1],
  widths: [8],
  mixers: [mixer],
  head: classifier(10, { norm: "batch" }),
});
slak("base", { sparsity: 0 });
replknet("xl", { block: block.replknet({ expansion: 2 }) });
convnext("small", { mixers: [mixer, mixer, mixer, mixer] });
pelk101("base", { input: { channels: 3, size: 384 } });
figure6("stripes", 101);
uniform33("reversed");
uniform33([8, 4, 2, 1, 1, 1]);

// Lists of unequal length.
// @ts-expect-error
network("a", { ...settings, depths: [1, 2], widths: [8], mixers: [mixer, mixer] });
// @ts-expect-error
network("a", { ...settings, depths: [1, 2], widths: [8, 9], mixers: [mixer] });
// @ts-expect-error
network("a", { ...settings, depths: [1, 2, 3], widths: [8, 9], mixers: [mixer, mixer] });
// @ts-expect-error
network("a", { ...settings, depths: [1, 2], widths: [8, 9], mixers: [mixer, mixer, mixer] });
// @ts-expect-error
pelk("tiny", { widths: [8, 16] });
// @ts-expect-error
pelk("tiny", { depths: [1, 1, 1] });
// @ts-expect-error
pelk("tiny", { mixers: [mixer] });
// @ts-expect-error
pelk("tiny", { depths: [1, 1], widths: [8, 16] });
// @ts-expect-error
pelk("tiny", { depths: [1, 1], widths: [8, 16], mixers: [mixer] });

// Kernels are checked within a network too.
// @ts-expect-error
pelk("tiny", { mixers: [dense({ kernel: 8 }), mixer, mixer, mixer] });

// Sizes, entries and options that there are not.
// @ts-expect-error
pelk("huge");
// @ts-expect-error
pelk101("small");
// @ts-expect-error
replknet("tiny");
// @ts-expect-error
slak("tiny", { widths: [8, 16] });
// @ts-expect-error
convnext("tiny", { mixers: [mixer] });
// @ts-expect-error
figure6("round", 31);
// @ts-expect-error
uniform33("powers");
// @ts-expect-error
pelk("tiny", { stem: downsample.transition() });
// @ts-expect-error
block.replknet({ layerScale: 1 });
// @ts-expect-error
classifier(10, { norm: "group" });
// @ts-expect-error
network("a", { ...settings, depths: [1], widths: [8], mixers: [51] });
// @ts-expect-error
network("a", { ...settings, depths: [1], widths: ["8"], mixers: [mixer] });
// @ts-expect-error
network("a", { ...settings, depths: [1], widths: [8], mixers: [mixer], colour: "red" });
// @ts-expect-error
network("a", { depths: [1], widths: [8], mixers: [mixer] });

// Experiments.
experiment({ name: "a", network: net, data: digits() });
experiment({
  name: "a",
  network: net,
  data: digits({ train: 10, test: 10 }),
  task: "classification",
  recipe: { steps: 10, ema: 0.99, augment: { flip: 0.5 } },
  seed: 1,
});
// @ts-expect-error
experiment({ name: "a", network: "pelk_tiny", data: digits() });
// @ts-expect-error
experiment({ name: "a", network: net, data: digits(), recipe: { learningRate: 1 } });
// @ts-expect-error
experiment({ name: "a", network: net, data: digits(), recipe: { amp: "fp8" } });
// @ts-expect-error
experiment({ name: "a", network: net });

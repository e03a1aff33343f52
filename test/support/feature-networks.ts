import type { Network } from "../../src/ir/index.js";
import { dense, grid, net, peripheral, sized, slak, stripes } from "./networks.js";

const frame = {
  input: { channels: 3, size: 32 },
  stem: { type: "patchify", stride: 2 },
  depths: [1, 2],
  widths: [8, 16],
  head: { type: "classifier", classes: 10, norm: "layer" },
} as const satisfies Partial<Network>;

const tiny = (name: string, overrides: Partial<Network>): Network =>
  net({ ...frame, name, ...overrides });

const replknetFrame = {
  stem: { type: "convolutional" },
  downsample: { type: "transition" },
  block: { type: "replknet", expansion: 2, ratio: 1 },
  head: { type: "classifier", classes: 10, norm: "batch" },
} as const satisfies Partial<Network>;

/** The smallest networks that have one feature each; `golden` ones are kept as files. */
export const goldenNetworks: readonly Network[] = [
  tiny("plain_dense", { mixers: [dense(7), dense(7)] }),
  tiny("peripheral_branch", {
    description: 'a "quoted" one\nwith {{braces}}, \\ and é\u2028\u{1f441}',
    mixers: [peripheral(13), peripheral([13, 11])],
    dropPath: 0.1,
  }),
  tiny("masked", {
    mixers: [
      peripheral(11, { centre: 3, embedding: "masked", branch: false, partial: 1 }),
      peripheral(9, { centre: 3, embedding: "masked", branch: 3, partial: 1 }),
    ],
  }),
  tiny("striped", { mixers: [stripes(13), stripes([11, 9], { width: 3, branch: false })] }),
  tiny("replknet", {
    ...replknetFrame,
    mixers: [dense(9, { branch: 3 }), dense([7, 5])],
    dropPath: 0.1,
  }),
  tiny("rectangle", {
    input: { channels: 1, size: [24, 40] },
    block: { type: "convnext", expansion: 2, layerScale: false },
    depths: [1],
    widths: [8],
    mixers: [grid([3, 1, 1, 2], [2, 1, 1, 1, 4], { embedding: "bias", partial: 0.5 })],
  }),
];

/** Combinations that are tried in Python, and not kept. */
export const featureNetworks: readonly Network[] = [
  ...goldenNetworks,
  tiny("wide_branch", {
    mixers: [peripheral(13, { branch: 7 }), peripheral(13, { branch: 9, embedding: "masked" })],
  }),
  tiny("replknet_peripheral", {
    ...replknetFrame,
    block: { type: "replknet", expansion: 3, ratio: 1.5 },
    input: { channels: 2, size: [37, 50] },
    mixers: [peripheral(13), peripheral(9, { embedding: "masked", branch: false, partial: 1 })],
  }),
  tiny("replknet_plain", {
    ...replknetFrame,
    downsample: { type: "patchify", stride: 2 },
    depths: [1, 1, 1],
    widths: [8, 12, 16],
    input: { channels: 3, size: 45 },
    mixers: [
      peripheral(9, { branch: false }),
      stripes(7, { branch: false, width: 3 }),
      peripheral(9, { embedding: "masked", branch: 7 }),
    ],
    head: { type: "classifier", classes: 10, norm: "layer" },
  }),
  tiny("convnext_in_convolutions", {
    stem: { type: "patchify", stride: 3 },
    downsample: { type: "transition" },
    input: { channels: 3, size: 46 },
    mixers: [dense(5), dense(5)],
    head: { type: "classifier", classes: 10, norm: "batch" },
  }),
  tiny("plain_branch", {
    mixers: [dense(9, { branch: 3 }), peripheral(9, { embedding: false, branch: 9, partial: 1 })],
  }),
  tiny("shrunk", {
    stem: { type: "patchify", stride: 3 },
    downsample: { type: "patchify", stride: 3 },
    block: { type: "convnext", expansion: 1, layerScale: 0.5 },
    input: { channels: 4, size: [33, 47] },
    mixers: [dense([5, 3], { embedding: "masked" }), peripheral(51, { branch: false })],
    sparsity: 0.4,
  }),
  net({
    ...frame,
    name: "every_mixer",
    stem: { type: "patchify", stride: 1 },
    depths: [1, 1, 1, 1, 1],
    widths: [8, 8, 12, 12, 16],
    widen: 1.3,
    mixers: [
      peripheral(13),
      peripheral(11, { embedding: "masked" }),
      stripes(9),
      grid([3, 1, 3], [2, 1, 2], { embedding: "masked" }),
      dense(3),
    ],
    dropPath: 0.3,
  }),
  net({
    ...frame,
    name: "like_convnext",
    input: { channels: 3, size: 64 },
    stem: { type: "patchify", stride: 4 },
    depths: [2, 1, 3, 1],
    widths: [8, 16, 24, 32],
    mixers: [dense(7), dense(7), dense(7), dense(7)],
  }),
  // Their counts are published: tested against the emitted modules.
  sized("tiny", { name: "published_convnext_tiny" }),
  sized("base", { name: "published_convnext_base" }),
  slak("tiny", { name: "published_slak_tiny" }),
  slak("base", { name: "published_slak_base" }),
];

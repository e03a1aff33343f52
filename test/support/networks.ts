import type { Mixer, Network } from "../../src/ir/index.js";

export function peripheral(
  kernel: number | [number, number],
  options: Partial<Extract<Mixer, { type: "peripheral" }>> = {},
): Mixer {
  return {
    type: "peripheral",
    kernel,
    centre: 5,
    base: 2,
    remainder: "own",
    partial: 3 / 8,
    embedding: "bias",
    branch: 5,
    ...options,
  };
}

export function dense(
  kernel: number | [number, number],
  options: Partial<Extract<Mixer, { type: "dense" }>> = {},
): Mixer {
  return { type: "dense", kernel, partial: 1, embedding: false, branch: false, ...options };
}

export function stripes(
  kernel: number | [number, number],
  options: Partial<Extract<Mixer, { type: "stripes" }>> = {},
): Mixer {
  return {
    type: "stripes",
    kernel,
    width: 5,
    partial: 1,
    embedding: false,
    branch: 5,
    ...options,
  };
}

export function grid(
  rows: number[],
  columns: number[],
  options: Partial<Extract<Mixer, { type: "grid" }>> = {},
): Mixer {
  return { type: "grid", rows, columns, partial: 1, embedding: false, branch: false, ...options };
}

/** A network written out in full, without the DSL: ConvNeXt-T's frame, to be overridden. */
export function net(overrides: Partial<Network> = {}): Network {
  return {
    kind: "network",
    name: "test_net",
    description: null,
    input: { channels: 3, size: 224 },
    stem: { type: "patchify", stride: 4 },
    downsample: { type: "patchify", stride: 2 },
    block: { type: "convnext", expansion: 4, layerScale: 1e-6 },
    depths: [3, 3, 9, 3],
    widths: [96, 192, 384, 768],
    widen: 1,
    initStd: 0.02,
    mixers: [dense(7), dense(7), dense(7), dense(7)],
    dropPath: 0,
    sparsity: 0,
    head: { type: "classifier", classes: 1000, norm: "layer" },
    ...overrides,
  };
}

export type Family = "tiny" | "small" | "base";

const DEPTHS = { tiny: [3, 3, 9, 3], small: [3, 3, 27, 3], base: [3, 3, 27, 3] };
const WIDTHS = {
  tiny: [96, 192, 384, 768],
  small: [96, 192, 384, 768],
  base: [128, 256, 512, 1024],
};

/** A family's frame at one of its published sizes. */
export function sized(size: Family, overrides: Partial<Network> = {}): Network {
  return net({ depths: DEPTHS[size], widths: WIDTHS[size], ...overrides });
}

export const pelk = (size: Family, overrides: Partial<Network> = {}): Network =>
  sized(size, {
    widen: 1.3,
    mixers: [51, 49, 47, 13].map((kernel) => peripheral(kernel)),
    ...overrides,
  });

export const pelk101 = (size: Family, overrides: Partial<Network> = {}): Network =>
  pelk(size, {
    mixers: [101, 69, 67, 13].map((kernel) => peripheral(kernel, { centre: 7 })),
    ...overrides,
  });

export const slak = (size: Family, overrides: Partial<Network> = {}): Network =>
  sized(size, {
    widen: 1.3,
    mixers: [51, 49, 47, 13].map((kernel) => stripes(kernel)),
    ...overrides,
  });

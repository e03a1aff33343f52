import type { DenseMixer, Mixer, Network } from "../../ir/index.js";

const DEPTHS = { T: [3, 3, 9, 3], S: [3, 3, 27, 3], B: [3, 3, 27, 3] } as const;
const WIDTHS = {
  T: [96, 192, 384, 768],
  S: [96, 192, 384, 768],
  B: [128, 256, 512, 1024],
} as const;
export type Letter = keyof typeof DEPTHS;

/** ConvNeXt's frame, which SLaK and PeLK keep. */
function convnextFrame(letter: Letter, mixers: readonly Mixer[]): Network {
  return {
    kind: "network",
    name: "published",
    description: null,
    input: { channels: 3, size: 224 },
    stem: { type: "patchify", stride: 4 },
    downsample: { type: "patchify", stride: 2 },
    block: { type: "convnext", expansion: 4, layerScale: 1e-6 },
    depths: [...DEPTHS[letter]],
    widths: [...WIDTHS[letter]],
    widen: 1,
    initStd: 0.02,
    mixers: [...mixers],
    dropPath: 0,
    sparsity: 0,
    head: { type: "classifier", classes: 1000, norm: "layer" },
  };
}

/** SLaK's frame: ×1.3 wide, 40% of the weights zero. */
const sparse = (letter: Letter, mixers: readonly Mixer[]): Network => ({
  ...convnextFrame(letter, mixers),
  widen: 1.3,
  sparsity: 0.4,
});

const small: DenseMixer = { type: "dense", kernel: 7, partial: 1, embedding: false, branch: false };

const stripes = (kernel: number): Mixer => ({
  type: "stripes",
  kernel,
  width: 5,
  partial: 1,
  embedding: false,
  branch: 5,
});

const peripheral = (kernel: number, centre: number): Mixer => ({
  type: "peripheral",
  kernel,
  centre,
  base: 2,
  remainder: "own",
  partial: 3 / 8,
  embedding: "bias",
  branch: 5,
});

export const convnext = (letter: Letter) => convnextFrame(letter, [small, small, small, small]);
export const slak = (letter: Letter) => sparse(letter, [51, 49, 47, 13].map(stripes));
export const pelk = (letter: Letter) =>
  sparse(
    letter,
    [51, 49, 47, 13].map((kernel) => peripheral(kernel, 5)),
  );
export const pelk101 = (letter: Letter) =>
  sparse(
    letter,
    [101, 69, 67, 13].map((kernel) => peripheral(kernel, 7)),
  );

/** RepLKNet's frame: its own stem, transitions and blocks. */
export function replknet(
  widths: number[],
  kernels: number[],
  branch: 5 | false,
  ratio: number,
): Network {
  return {
    ...convnext("T"),
    stem: { type: "convolutional" },
    downsample: { type: "transition" },
    block: { type: "replknet", expansion: 4, ratio },
    depths: [2, 2, 18, 2],
    widths,
    mixers: kernels.map((kernel) => ({ ...small, kernel, branch })),
    head: { type: "classifier", classes: 1000, norm: "batch" },
  };
}

/** PeLK-T, dense, with one grid along both axes in every stage (table 5). */
export function pelkOfOneGrid(cells: number[]): Network {
  const common = { partial: 3 / 8, embedding: false, branch: false } as const;
  const mixer: Mixer = { type: "grid", rows: cells, columns: cells, ...common };
  return { ...sparse("T", [mixer, mixer, mixer, mixer]), sparsity: 0 };
}

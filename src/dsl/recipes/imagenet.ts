import type { RecipeOptions } from "../recipe.js";
import { preset } from "./preset.js";

/**
 * ConvNeXt's training on ImageNet-1K (Liu et al., CVPR 2022, table 5; main.py and TRAINING.md of
 * facebookresearch/ConvNeXt), which SLaK, PeLK and RepLKNet follow. With these options timm colours
 * nothing by `colorJitter`, because RandAugment takes its place; it is given as it was published.
 */
const CONVNEXT = {
  batch: 4096,
  optimizer: "adamw",
  betas: [0.9, 0.999],
  eps: 1e-8,
  lr: 4e-3,
  schedule: "cosine",
  minLr: 1e-6,
  warmupEpochs: 20,
  warmupStart: 0,
  weightDecay: 0.05,
  clipGrad: false,
  labelSmoothing: 0.1,
  ema: 0.9999,
  augment: {
    flip: 0.5,
    cropScale: 0.08,
    randAugment: "rand-m9-mstd0.5-inc1",
    colorJitter: 0.4,
    erasing: 0.25,
    mixup: 0.8,
    cutmix: 1,
  },
} satisfies RecipeOptions;

/** Drop path of ConvNeXt's sizes, and of SLaK's, which are as deep. */
const SIZES = {
  tiny: { dropPath: 0.1 },
  small: { dropPath: 0.4 },
  base: { dropPath: 0.5 },
} as const;

const shared = { ...CONVNEXT, epochs: 300 } as const;
/** 300 epochs of the results, 120 of the ablations (SLaK, section 4 and its tables of 120 epochs). */
const epochs = [300, 120] as const;

/** ConvNeXt's on ImageNet-1K; 120 epochs are SLaK's and PeLK's comparisons with it. */
export const convnext = preset("recipe.convnext", { sizes: SIZES, shared, epochs });

/** SLaK's on ImageNet-1K (Liu et al., ICLR 2023, appendix; README of VITA-Group/SLaK). */
export const slak = preset("recipe.slak", { sizes: SIZES, shared, epochs });

/** PeLK's on ImageNet-1K: "all the same" as SLaK's, for 300 epochs; drop path is SLaK's. */
export const pelk = preset("recipe.pelk", { sizes: SIZES, shared, epochs });

/**
 * RepLKNet-31B's on ImageNet-1K (README of DingXiaoH/RepLKNet-pytorch): half the batch and the
 * warm-up of ConvNeXt's. 31L and XL were never trained on ImageNet-1K from the start.
 */
export const replknet = preset("recipe.replknet", {
  sizes: { "31b": { dropPath: 0.5 } },
  shared: { ...shared, batch: 2048, warmupEpochs: 10 },
  epochs: [300],
});

import type { RecipeOptions } from "../recipe.js";
import { preset } from "./preset.js";

/** What SLaK's and ConvNeXt's fine-tuning has in common: 16 images a step, and no mixing. */
const FINE_TUNING = {
  batch: 16,
  optimizer: "adamw",
  betas: [0.9, 0.999],
  eps: 1e-8,
  minLr: 0,
  weightDecay: 0.05,
  clipGrad: false,
  labelSmoothing: 0,
  ema: false,
  augment: { flip: 0.5 },
} satisfies RecipeOptions;

/**
 * UperNet on ADE20K for 160,000 steps, crops of 512 (SLaK, appendix; segmentation/configs of
 * VITA-Group/SLaK for all sizes, which are ConvNeXt's).
 */
export const ade20k = preset("recipe.ade20k", {
  sizes: { tiny: { dropPath: 0.4 }, small: { dropPath: 0.3 }, base: { dropPath: 0.4 } },
  shared: {
    ...FINE_TUNING,
    steps: 160_000,
    epochs: null,
    lr: 1e-4,
    schedule: "poly",
    power: 1,
    warmupSteps: 1500,
    warmupStart: 1e-6,
    stageDecay: 0.9,
  },
});

/** Drop path of detectors: T in SLaK's configuration, S and B in ConvNeXt's (SLaK has none). */
const DETECTORS = {
  tiny: { dropPath: 0.4 },
  small: { dropPath: 0.6 },
  base: { dropPath: 0.7 },
} as const;

/** Thirty-six epochs in steps of a tenth; the warm-up is mmdetection's, which they build on. */
const THREE_TIMES = {
  epochs: 36,
  schedule: "step",
  milestones: [27, 33],
  gamma: 0.1,
  warmupSteps: 500,
  warmupStart: 1e-3,
} satisfies RecipeOptions;

/**
 * Cascade Mask R-CNN on COCO, 3× (SLaK, appendix; detection/configs of VITA-Group/SLaK, which are
 * ConvNeXt's). Layers are three blocks, as in the authors' code.
 */
export const coco = preset("recipe.coco", {
  sizes: DETECTORS,
  shared: { ...FINE_TUNING, ...THREE_TIMES, lr: 2e-4, layerDecay: 0.7, layerBlocks: 3 },
});

/**
 * Faster R-CNN on Pascal VOC 2007 (SLaK, appendix): 36 epochs at 1e-4. The paper is silent about
 * schedule, warm-up and drop path, which are COCO's here, and about decay by layer: none.
 */
export const voc = preset("recipe.voc", {
  sizes: DETECTORS,
  shared: { ...FINE_TUNING, ...THREE_TIMES, lr: 1e-4 },
});

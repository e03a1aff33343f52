import { digits } from "./digits.js";
import { ade20k, coco, voc } from "./fine-tuning.js";
import { convnext, pelk, replknet, slak } from "./imagenet.js";

/**
 * Published recipes, each a whole one: `recipe: recipe.slak("tiny", { epochs: 120 })`. Every figure
 * and its source is in docs/recipes.md. None is changed to fit a device: a batch of 4096 in pieces
 * of 128 on one GPU is `{ accumulate: 32 }`.
 */
export const recipe = {
  /** SLaK's on ImageNet-1K. */
  slak,
  /** PeLK's on ImageNet-1K: SLaK's for 300 epochs. */
  pelk,
  /** ConvNeXt's on ImageNet-1K. */
  convnext,
  /** RepLKNet-31B's on ImageNet-1K. */
  replknet,
  /** For the scenes of `digits()`: minutes on two cores. */
  digits,
  /** UperNet on ADE20K, 160,000 steps. */
  ade20k,
  /** Cascade Mask R-CNN on COCO, 3×. */
  coco,
  /** Faster R-CNN on Pascal VOC 2007. */
  voc,
} as const;

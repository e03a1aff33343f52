import { digits } from "./digits.js";
import { ade20k, coco, voc } from "./fine-tuning.js";
import { convnext, pelk, replknet, slak } from "./imagenet.js";

/**
 * Published recipes, each a whole one: `recipe: recipe.slak("tiny", { epochs: 120 })`. Every figure
 * and its source is in docs/recipes.md. None is changed to fit a device: a batch of 4096 in pieces
 * of 128 on one GPU is `{ accumulate: 32 }`.
 */
export const recipe = { slak, pelk, convnext, replknet, digits, ade20k, coco, voc } as const;

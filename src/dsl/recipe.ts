import type { Augment, Recipe } from "../ir/recipe.js";
import { overlay } from "./overlay.js";

/** No augmentation. */
const AUGMENT: Augment = {
  flip: 0,
  cropScale: 1,
  randAugment: false,
  colorJitter: 0,
  erasing: 0,
  mixup: 0,
  cutmix: 0,
};

/** What a recipe leaves out (contract, lines 10 and 38). */
const RECIPE: Recipe = {
  steps: null,
  epochs: 30,
  batch: 64,
  accumulate: 1,
  optimizer: "adamw",
  betas: [0.9, 0.999],
  eps: 1e-8,
  fused: false,
  lr: 1e-3,
  lrScaling: false,
  schedule: "cosine",
  minLr: 1e-6,
  power: 1,
  milestones: [],
  gamma: 0.1,
  warmupSteps: null,
  warmupEpochs: null,
  warmupStart: 0,
  weightDecay: 0.05,
  layerDecay: false,
  layerBlocks: 1,
  stageDecay: false,
  clipGrad: false,
  labelSmoothing: 0,
  dropPath: null,
  ema: false,
  amp: false,
  syncBatchNorm: false,
  channelsLast: false,
  compile: false,
  checkpointActivations: false,
  augment: AUGMENT,
  logEvery: 10,
  evalEvery: null,
  checkpointEvery: null,
};

/** Mapped from the type itself, so that editors show what the schema says of each option. */
type PartOf<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** A recipe as users write it: every option can be left out. */
export type RecipeOptions = PartOf<Omit<Recipe, "augment">> & {
  /** Augmentation through timm; every part is off where it is not given. */
  readonly augment?: PartOf<Augment> | undefined;
};

/** Fills a partial recipe in; what is no plain object stays for the schema to refuse. */
export function completeRecipe(given: unknown): unknown {
  const recipe = given === undefined ? RECIPE : overlay(RECIPE, given);
  if (typeof recipe !== "object" || recipe === null || !("augment" in recipe)) return recipe;
  return { ...recipe, augment: completeAugment(recipe.augment) };
}

/** Fills a partial augmentation in, with the same care. */
export function completeAugment(given: unknown): unknown {
  return overlay(AUGMENT, given);
}

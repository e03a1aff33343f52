import type { Augment, Recipe } from "../ir/experiment.js";

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
  optimizer: "adamw",
  lr: 1e-3,
  minLr: 1e-6,
  warmupSteps: null,
  weightDecay: 0.05,
  clipGrad: false,
  labelSmoothing: 0,
  dropPath: null,
  ema: false,
  amp: false,
  augment: AUGMENT,
  logEvery: 10,
  evalEvery: null,
  checkpointEvery: null,
};

/** A recipe as users write it: every option can be left out. */
export type RecipeOptions = {
  readonly [K in Exclude<keyof Recipe, "augment">]?: Recipe[K] | undefined;
} & {
  /** Augmentation through timm; every part is off where it is not given. */
  readonly augment?: { readonly [K in keyof Augment]?: Augment[K] | undefined } | undefined;
};

/** Fills a partial recipe in; what is no plain object stays for the schema to refuse. */
export function completeRecipe(given: unknown): unknown {
  const recipe = given === undefined ? RECIPE : overlay(RECIPE, given);
  if (typeof recipe !== "object" || recipe === null || !("augment" in recipe)) return recipe;
  return { ...recipe, augment: overlay(AUGMENT, recipe.augment) };
}

function overlay(defaults: object, given: unknown): unknown {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(entries) };
}

import type { Recipe } from "../../ir/recipe.js";
import { readOptions } from "../declare.js";
import type { RecipeOptions } from "../recipe.js";
import { published } from "./preset.js";

/** Found on two cores: what `npm run demo` trains with. */
const DIGITS = {
  steps: 1400,
  batch: 32,
  lr: 2e-3,
  ema: 0.99,
  evalEvery: 200,
} satisfies RecipeOptions;

/**
 * For the scenes of `digits()`: minutes on two cores.
 *
 * @param overrides - any options of a recipe in place of its own
 * @throws FoveaError of the first override that is unknown or wrong
 */
export function digits(overrides: RecipeOptions = {}): Recipe {
  return published("recipe.digits", DIGITS, readOptions("recipe.digits", overrides));
}

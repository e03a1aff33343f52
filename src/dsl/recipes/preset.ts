import { FoveaError, isFoveaError } from "../../ir/error.js";
import { IN_A_SENTENCE, showValue } from "../../ir/printable.js";
import { Recipe } from "../../ir/recipe.js";
import { checkRecipe } from "../check-recipe.js";
import { freeze, parse, readOptions } from "../declare.js";
import { wrongChoice } from "../mistake.js";
import { overlay } from "../overlay.js";
import { completeRecipe, type RecipeOptions } from "../recipe.js";

/** What a preset takes beside its size: any option of a recipe, and one of the published lengths. */
export type RecipeOverrides<Epochs extends number = number> = Omit<RecipeOptions, "epochs"> & {
  /** Passes over the training data: a length that results were published with. */
  readonly epochs?: Epochs | undefined;
};

/**
 * A published recipe.
 *
 * @param size - one of the network's published sizes
 * @param overrides - any options of a recipe in place of the published ones; `augment` may be a part
 * @returns the whole recipe, a plain object that can be spread
 * @throws FoveaError of the size, or of the first override that is unknown or wrong
 */
export type RecipePreset<Size extends string, Epochs extends number = number> = (
  size: Size,
  overrides?: RecipeOverrides<Epochs>,
) => Recipe;

/** What makes up a published recipe. */
interface Published<Size extends string, Epochs extends number> {
  readonly sizes: Readonly<Record<Size, RecipeOptions>>;
  /** What all sizes have in common. */
  readonly shared: RecipeOptions;
  /** Lengths that results were published with, the first of them the usual one. */
  readonly epochs?: readonly Epochs[];
}

/** Makes the function of a published recipe; `name` is the function's, as users write it. */
export function preset<Size extends string, Epochs extends number = number>(
  name: string,
  { sizes, shared, epochs }: Published<Size, Epochs>,
): RecipePreset<Size, Epochs> {
  return (size, overrides = {}) => {
    if (typeof size !== "string" || !Object.hasOwn(sizes, size)) {
      throw wrongChoice("size", size, Object.keys(sizes));
    }
    const given = readOptions(name, overrides);
    if (epochs !== undefined) checkEpochs(`${name}("${size}")`, given["epochs"], epochs);
    return published(name, { ...shared, ...sizes[size] }, given);
  };
}

/**
 * A recipe with parts of it replaced.
 *
 * @param name - the function's, as users write it
 * @param figures - the published options
 * @param given - what the user puts in their place
 * @throws FoveaError of the first option that is unknown or wrong
 */
export function published(
  name: string,
  figures: RecipeOptions,
  given: Record<string, unknown>,
): Recipe {
  const full = completeRecipe(figures) as Recipe;
  const augment = overlay(full.augment, given["augment"] ?? {});
  const recipe = parse(name, Recipe, { ...full, ...withoutTwins(given), ...given, augment });
  try {
    checkRecipe(recipe);
  } catch (error) {
    // The options are the call's own here, and no experiment's.
    if (!isFoveaError(error)) throw error;
    throw error.with({ path: (error.details.path ?? "").replace(/^recipe\./, "") });
  }
  return freeze(recipe);
}

/** `steps` wins over `epochs`: an override that is the one must not be lost to a figure's other. */
function withoutTwins(given: Record<string, unknown>): Partial<Recipe> {
  return {
    ...(given["epochs"] === undefined ? {} : { steps: null }),
    ...(given["warmupEpochs"] === undefined ? {} : { warmupSteps: null }),
  };
}

function checkEpochs(call: string, given: unknown, allowed: readonly number[]): void {
  if (given === undefined || allowed.includes(given as number)) return;
  const whole = Number.isInteger(given) && Number(given) > 0;
  throw new FoveaError({
    code: "FOV0001",
    message: `epochs cannot be ${showValue(given, IN_A_SENTENCE)}: no result was published with it`,
    path: "epochs",
    value: given,
    allowed: allowed.join(" or "),
    fix: whole
      ? `write { ...${call}, epochs: ${given} } for a length of your own`
      : `write epochs: ${allowed[0]}`,
  });
}

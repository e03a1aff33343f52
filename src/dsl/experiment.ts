import { type Data, Experiment } from "../ir/experiment.js";
import type { Network } from "../ir/network.js";
import { validateExperiment } from "./check-experiment.js";
import { readOptions } from "./declare.js";
import { unknownOption } from "./mistake.js";
import { completeRecipe, type RecipeOptions } from "./recipe.js";

export interface ExperimentOptions {
  /** Begins the ids of its runs: a lower-case letter, then at most 63 of a-z, 0-9, _ and -. */
  readonly name: string;
  readonly network: Network;
  /** `"classification"` where it is not given. */
  readonly task?: "classification" | undefined;
  readonly data: Data;
  /** How it is trained; what is left out is completed by the documented defaults. */
  readonly recipe?: RecipeOptions | undefined;
  /** Of weights, data and order; a whole number from 0, which it is where it is not given. */
  readonly seed?: number | undefined;
}

const OPTIONS = Object.keys(Experiment.shape).filter((key) => key !== "kind");

/**
 * Declares one training run.
 *
 * @throws FoveaError of the first option that is unknown, missing or wrong
 */
export function experiment(options: ExperimentOptions): Experiment {
  const { kind, ...given } = readOptions("experiment", options);
  if (kind !== undefined && kind !== "experiment") {
    throw unknownOption("experiment", ["kind"], { kind }, OPTIONS);
  }
  return validateExperiment({
    kind: "experiment",
    task: "classification",
    seed: 0,
    ...given,
    recipe: completeRecipe(given["recipe"]),
  });
}

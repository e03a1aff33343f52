import type { Data } from "../ir/data.js";
import { Experiment, type ExperimentOf } from "../ir/experiment.js";
import type { Trainable } from "../ir/trainable.js";
import { validateExperiment } from "./check-experiment.js";
import { readOptions } from "./declare.js";
import { unknownOption } from "./mistake.js";
import { completeRecipe, type RecipeOptions } from "./recipe.js";
import { completeSparsity, type SparsityOptions } from "./sparsity.js";

export interface ExperimentOptions<N extends Trainable> {
  /** Begins the ids of its runs: a lower-case letter, then at most 63 of a-z, 0-9, _ and -. */
  readonly name: string;
  /** A network, or a model of timm: `timm("convnext_tiny")`. */
  readonly network: N;
  /** `"classification"` where it is not given. */
  readonly task?: "classification" | undefined;
  /** What is trained and evaluated on: `digits()`, `imageFolder({ … })`, … */
  readonly data: Data;
  /** How it is trained; what is left out is completed by the documented defaults. */
  readonly recipe?: RecipeOptions | undefined;
  /** Dynamic sparsity; all weights are trained where it is not given. */
  readonly sparsity?: SparsityOptions | null | undefined;
  /** Of weights, data and order; a whole number from 0, which it is where it is not given. */
  readonly seed?: number | undefined;
}

const OPTIONS = Object.keys(Experiment.shape).filter((key) => key !== "kind");

/**
 * Declares one training run.
 *
 * @throws FoveaError of the first option that is unknown, missing or wrong
 */
export function experiment<N extends Trainable>(options: ExperimentOptions<N>): ExperimentOf<N> {
  const { kind, ...given } = readOptions("experiment", options);
  if (kind !== undefined && kind !== "experiment") {
    throw unknownOption("experiment", ["kind"], { kind }, OPTIONS);
  }
  const declared = validateExperiment({
    kind: "experiment",
    task: "classification",
    seed: 0,
    ...given,
    recipe: completeRecipe(given["recipe"]),
    sparsity: completeSparsity(given["sparsity"]),
  });
  return declared as ExperimentOf<N>;
}

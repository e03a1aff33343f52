import { FoveaError, isFoveaError } from "../../ir/error.js";
import type { Experiment } from "../../ir/experiment.js";
import { validateExperiment } from "../check-experiment.js";
import { wrongValue } from "../mistake.js";

const BASE = "what experiment() returns";

/**
 * The experiment that a sweep starts from.
 *
 * @throws FoveaError FOV0003 where there is none, FOV0001 for anything else, and what is wrong with it
 */
export function readBase(value: unknown): Experiment {
  if (value === undefined) {
    throw new FoveaError({
      code: "FOV0003",
      message: "sweep() needs the option base",
      path: "base",
      allowed: BASE,
      fix: "add base: experiment({ name, network, data, recipe })",
    });
  }
  if (kindOf(value) !== "experiment") {
    throw wrongValue(["base"], value, { allowed: BASE, example: "experiment({ … })" });
  }
  try {
    return validateExperiment(value);
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    throw error.with({ path: `base.${error.details.path ?? ""}` });
  }
}

function kindOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
}

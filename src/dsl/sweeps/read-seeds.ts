import { Experiment } from "../../ir/experiment.js";
import { LIMITS } from "../../ir/limits.js";
import { wrongValue } from "../mistake.js";

const SEED = `a whole number from 0 to ${2 ** 31 - 1}`;

/**
 * The seeds of a sweep; `undefined` where it has none of its own.
 *
 * @throws FoveaError FOV0001 for what is no list of seeds
 */
export function readSeeds(value: unknown): readonly number[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0) {
    throw wrongValue(["seeds"], value, {
      allowed: `a list of seeds, each ${SEED}`,
      example: "[0, 1, 2]",
    });
  }
  // More than there may be runs are counted, not looked at.
  const some = Array.from({ length: Math.min(value.length, LIMITS.sweepRuns + 1) });
  return some.map((_, index) => {
    const seed = Experiment.shape.seed.safeParse(value[index]);
    if (seed.success) return seed.data;
    throw wrongValue(["seeds", index], value[index], { allowed: SEED, example: "0" });
  });
}

import { z } from "zod";
import { Data } from "./data.js";
import { ExperimentName } from "./name.js";
import { Recipe } from "./recipe.js";
import { Sparsity } from "./sparsity.js";
import { Trainable } from "./trainable.js";

/** One training run, completed, in the DSL's spelling. It is what `run.json` holds and what is hashed. */
export const Experiment = z.strictObject({
  kind: z.literal("experiment"),
  name: ExperimentName,
  network: Trainable,
  task: z.enum(["classification"]),
  data: Data,
  recipe: Recipe,
  /** `null` trains all weights. */
  sparsity: Sparsity.nullable(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});
export type Experiment = z.infer<typeof Experiment>;

/** An experiment whose kind of network is known. */
export type ExperimentOf<N extends Trainable> = Experiment & { network: N };

import type { ExperimentOf } from "../../ir/experiment.js";
import type { Network } from "../../ir/network.js";
import { digits } from "../data/digits.js";
import { experiment } from "../experiment.js";
import { recipe } from "../recipes/index.js";
import { pelkDigits } from "./pelk-digits.js";

/** What `npm run demo` trains. */
export function demo(): ExperimentOf<Network> {
  return experiment({
    name: "demo",
    network: pelkDigits(),
    task: "classification",
    data: digits({ train: 20_000, test: 1000 }),
    recipe: recipe.digits({ checkpointEvery: 350 }),
    seed: 0,
  });
}

import type { ExperimentOf } from "../../ir/experiment.js";
import type { Network } from "../../ir/network.js";
import { digits } from "../data/digits.js";
import { experiment } from "../experiment.js";
import { pelkDigits } from "./pelk-digits.js";

/** What `npm run demo` trains. */
export function demo(): ExperimentOf<Network> {
  return experiment({
    name: "demo",
    network: pelkDigits(),
    task: "classification",
    data: digits({ train: 20_000, test: 1000 }),
    recipe: { steps: 1400, batch: 32, lr: 2e-3, ema: 0.99, evalEvery: 200, checkpointEvery: 350 },
    seed: 0,
  });
}

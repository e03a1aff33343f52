import type { Experiment } from "../../ir/experiment.js";
import { digits } from "../data.js";
import { experiment } from "../experiment.js";
import { pelkDigits } from "./pelk-digits.js";

/** What `npm run demo` trains. */
export function demo(): Experiment {
  return experiment({
    name: "demo",
    network: pelkDigits(),
    task: "classification",
    data: digits({ train: 4000, test: 1000 }),
    recipe: { epochs: 12, batch: 64, lr: 2e-3 },
    seed: 0,
  });
}

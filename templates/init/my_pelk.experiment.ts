import { digits, experiment } from "fovea";
import network from "./my_pelk.arch.js";

// npx fovea run my_pelk.experiment.ts --set recipe.steps=200
export default experiment({
  name: "my_pelk",
  network,
  task: "classification",
  data: digits({ train: 20_000, test: 1000 }),
  recipe: { steps: 1400, batch: 32, lr: 2e-3, ema: 0.99, evalEvery: 200 },
  seed: 0,
});

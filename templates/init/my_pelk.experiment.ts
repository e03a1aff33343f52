import { digits, experiment } from "fovea";
import network from "./my_pelk.arch.js";

// npx fovea run my_pelk.experiment.ts --set recipe.epochs=3
export default experiment({
  name: "my_pelk",
  network,
  task: "classification",
  data: digits({ train: 2000, test: 500 }),
  recipe: { epochs: 10, batch: 64, lr: 2e-3 },
  seed: 0,
});

import { digits, experiment } from "fovea";
import { studyNetwork } from "./networks.js";

export default experiment({
  name: "study-peripheral",
  network: studyNetwork("peripheral"),
  task: "classification",
  data: digits({ train: 20_000, test: 2000 }),
  recipe: { steps: 3000, batch: 32, lr: 2e-3, ema: 0.99, evalEvery: 500, checkpointEvery: 1500 },
  seed: 0,
});

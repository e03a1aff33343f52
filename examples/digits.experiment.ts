/** A first run on any machine: `fovea run examples/digits.experiment.ts`. */
import { classifier, dense, digits, experiment, network, peripheral, stem } from "fovea";

const net = network("digits_net", {
  input: { channels: 1, size: 48 },
  stem: stem.patchify({ stride: 4 }),
  block: { layerScale: false },
  initStd: 0.1,
  depths: [1, 1],
  widths: [24, 48],
  mixers: [peripheral({ kernel: 23, centre: 5 }), dense({ kernel: 7 })],
  head: classifier(10),
});

export default experiment({
  name: "digits-example",
  network: net,
  task: "classification",
  data: digits({ train: 20_000, test: 1000 }),
  recipe: { steps: 1000, batch: 32, lr: 2e-3, ema: 0.99, evalEvery: 200 },
  seed: 1,
});

/** A first run on any machine: `fovea run examples/digits.experiment.ts`. */
import { classifier, dense, digits, experiment, network, peripheral, stem } from "fovea";

const net = network("digits_net", {
  input: { channels: 1, size: 64 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1, 1],
  widths: [24, 48],
  mixers: [peripheral({ kernel: 31, centre: 5 }), dense({ kernel: 7 })],
  head: classifier(10),
});

export default experiment({
  name: "digits-example",
  network: net,
  task: "classification",
  data: digits({ train: 1000, test: 200 }),
  recipe: { epochs: 4, batch: 32, lr: 2e-3, ema: 0.99 },
  seed: 1,
});

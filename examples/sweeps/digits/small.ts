/**
 * What the tables have in common at the scale of `digits`: a network on scenes of 64×64, with maps
 * of 16 and 8 pixels, and three minutes of training on a core. Whatever of a kernel reaches beyond
 * the map (31 and 15 taps) sees nothing but padding.
 */
import { classifier, digits, experiment, type Mixer, network, stem } from "fovea";

type Two = readonly [Mixer, Mixer];

export function small(name: string, mixers: Two) {
  return network(name, {
    input: { channels: 1, size: 64 },
    stem: stem.patchify({ stride: 4 }),
    block: { expansion: 2, layerScale: false },
    initStd: 0.1,
    depths: [1, 2],
    widths: [32, 96],
    mixers,
    head: classifier(10),
  });
}

export function training(name: string, net: ReturnType<typeof small>) {
  return experiment({
    name,
    network: net,
    task: "classification",
    data: digits({ train: 20_000, test: 2000 }),
    recipe: { steps: 3000, batch: 32, lr: 2e-3, ema: 0.99, evalEvery: 500, checkpointEvery: 1500 },
  });
}

/** Spreads need more than one; three tell a large difference from chance, and no small one. */
export const seeds = [0, 1, 2];

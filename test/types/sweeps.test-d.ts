/** What the editor refuses of sweeps; see mixers.test-d.ts. */
import {
  dense,
  digits,
  type Experiment,
  experiment,
  imageFolder,
  type Mixer,
  type Network,
  pelk,
  peripheral,
  recipe,
  type Sweep,
  sparsity,
  sweep,
  timm,
} from "fovea";

declare const numbers: number[];
declare const mixers: readonly Mixer[];
declare const anyBase: Experiment;

const base = experiment({ name: "a", network: pelk("tiny"), data: digits() });
const peer = experiment({ name: "a", network: timm("convnext_tiny"), data: digits() });

// Options, entries of lists by number and all of them, whole parts.
const made: Sweep = sweep({
  base,
  over: {
    "network.mixers[*].kernel": [31, [31, 21], 51],
    "network.mixers[0].centre": [3, 5],
    "network.mixers[*].branch": [false, 5],
    "network.widths": [[8, 16, 32, 64], numbers],
    "network.widths[1]": numbers,
    "network.depths[*]": [1, 2],
    "network.widen": [1, 1.3],
    "network.input.size": [64, [64, 96]],
    "network.block": [{ expansion: 2 }, { layerScale: false }],
    "network.mixers": [mixers, [dense({ kernel: 7 }), peripheral({ kernel: 31, centre: 5 })]],
    "network.mixers[2]": [dense({ kernel: 7 })],
  },
});
sweep({
  base,
  over: {
    "recipe.lr": [1e-3, 2e-3],
    "recipe.ema": [false, 0.99],
    "recipe.amp": ["bf16", false],
    "recipe.augment.mixup": [0, 0.8],
    "recipe.augment": [{}, { mixup: 0.8 }],
    "recipe.betas": [[0.9, 0.95]],
    "sparsity.amount": [0.2, 0.4],
    "data.train": [100, 1000],
    name: ["a", "b"],
  },
  seeds: numbers,
  name: "another",
});
sweep({
  base,
  over: {
    network: [pelk("small"), timm("convnext_tiny")],
    recipe: [{ lr: 1 }, recipe.digits()],
    sparsity: [null, {}, { amount: 0.3 }, sparsity.slak("tiny")],
    data: [digits(), imageFolder({ root: "r" })],
    seed: [1, 2],
  },
});
sweep({ base, over: {}, seeds: [0, 1, 2] });
sweep({ base: peer, over: { "network.dropPath": [0, 0.1], "network.model": ["resnet50"] } });
sweep({ base: anyBase, over: { "network.dropPath": [0], "network.mixers[*].kernel": [31] } });

// Functions know the experiment; where() knows the axes.
sweep({
  base,
  over: {
    "network.mixers[*].kernel": [31, 51],
    "network.widths": [
      (run) => run.network.widths.map((width) => width * 2),
      ({ network }: { network: Network }) => network.widths,
    ],
    network: [(run, axes) => ({ ...run.network, dropPath: Number(axes["recipe.lr"]) })],
    "recipe.lr": [1e-3, (run) => run.recipe.lr / 2],
  },
  where: ({ axes, seed, experiment: run }) => {
    const lr: number = axes["recipe.lr"];
    const kernel: number = axes["network.mixers[*].kernel"];
    return lr > 1e-3 && kernel > 31 && seed === run.seed;
  },
});

// Paths that there are not.
// @ts-expect-error
sweep({ base, over: { "network.mixer[*].kernel": [31] } });
// @ts-expect-error
sweep({ base, over: { "network.mixers[*].kernal": [31] } });
// @ts-expect-error
sweep({ base, over: { "network.mixers.kernel": [31] } });
// @ts-expect-error
sweep({ base, over: { "recipe.learningRate": [1e-3] } });
// @ts-expect-error
sweep({ base, over: { "recipe.lr": [1e-3], lr: [1e-3] } });
// @ts-expect-error
sweep({ base, over: { "recipe.lr[0]": [1e-3] } });
// @ts-expect-error
sweep({ base, over: { "network.kind": ["timm"] } });
// @ts-expect-error
sweep({ base, over: { "network.mixers[*].type": ["dense"] } });
// @ts-expect-error
sweep({ base, over: { "network.model": ["resnet50"] } });
// @ts-expect-error
sweep({ base: peer, over: { "network.mixers[*].kernel": [31] } });
// @ts-expect-error
sweep({ base: peer, over: { "network.widths": [[8]] } });

// Values of another kind.
// @ts-expect-error
sweep({ base, over: { "recipe.lr": ["1e-3"] } });
// @ts-expect-error
sweep({ base, over: { "recipe.lr": 1e-3 } });
// @ts-expect-error
sweep({ base, over: { "recipe.lr": [1e-3, null] } });
// @ts-expect-error
sweep({ base, over: { "recipe.amp": ["fp8"] } });
// @ts-expect-error
sweep({ base, over: { "network.mixers[*].kernel": ["31"] } });
// @ts-expect-error
sweep({ base, over: { "network.widths": [8] } });
// @ts-expect-error
sweep({ base, over: { "network.mixers": [dense({ kernel: 7 })] } });
// @ts-expect-error
sweep({ base, over: { network: ["pelk_tiny"] } });
// @ts-expect-error
sweep({ base, over: { recipe: [{ learningRate: 1 }] } });
// @ts-expect-error
sweep({ base, over: { sparsity: [{ amnt: 0.4 }] } });
// @ts-expect-error
sweep({ base, over: { data: ["digits"] } });
// @ts-expect-error
sweep({ base, over: { "recipe.lr": [() => "1e-3"] } });
// @ts-expect-error
sweep({ base, over: { network: [(run) => run.network.widths] } });

// Even sides.
// @ts-expect-error
sweep({ base, over: { "network.mixers[*].kernel": [31, 50] } });
// @ts-expect-error
sweep({ base, over: { "network.mixers[0].kernel": [[31, 20]] } });
// @ts-expect-error
sweep({ base, over: { "network.mixers[1].centre": [4] } });
// @ts-expect-error
sweep({ base, over: { "network.mixers[*].branch": [true] } });

// Options that there are not, or that are missing.
// @ts-expect-error
sweep({ over: {} });
// @ts-expect-error
sweep({ base });
// @ts-expect-error
sweep({ base: pelk("tiny"), over: {} });
// @ts-expect-error
sweep({ base, over: {}, seeds: 3 });
// @ts-expect-error
sweep({ base, over: {}, seed: [3] });
// @ts-expect-error
sweep({ base, over: {}, where: ({ axes }) => axes["recipe.lr"] > 1 });
// @ts-expect-error
sweep({ base, over: { "recipe.lr": [1] }, where: ({ axes }) => axes["recipe.lr"] });
// @ts-expect-error
made.points[0].seed = 3;

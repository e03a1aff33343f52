import { demo } from "../../src/dsl/zoo/demo.js";
import type { Experiment } from "../../src/ir/experiment.js";
import { contentHash } from "../../src/ir/hash.js";
import type { Sweep, SweepPoint } from "../../src/ir/sweep.js";

/** The demo with another first kernel, learning rate and seed. */
function variedDemo(kernel: number, lr: number, seed: number): Experiment {
  const experiment = structuredClone(demo());
  const [mixer] = "mixers" in experiment.network ? experiment.network.mixers : [];
  if (mixer?.type === "peripheral") mixer.kernel = kernel;
  experiment.recipe.lr = lr;
  experiment.seed = seed;
  return experiment;
}

/** A sweep as `sweep()` expands it: the first axis slowest, seeds fastest. */
export function sweepOver(
  kernels: readonly number[],
  rates: readonly number[],
  seeds: readonly number[],
  name = "kernels-and-rates",
): Sweep {
  const points = kernels.flatMap((kernel) =>
    rates.flatMap((lr) =>
      seeds.map((seed): SweepPoint => {
        const experiment = variedDemo(kernel, lr, seed);
        return {
          axes: { "network.mixers[0].kernel": kernel, "recipe.lr": lr },
          seed,
          hash: contentHash(experiment),
          experiment,
        };
      }),
    ),
  );
  return { kind: "sweep", name, axes: ["network.mixers[0].kernel", "recipe.lr"], points };
}

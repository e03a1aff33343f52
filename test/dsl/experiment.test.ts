import { expect, test } from "vitest";
import { digits, experiment, imageFolder, pelk, validateExperiment } from "../../src/dsl/index.js";
import { Experiment } from "../../src/ir/experiment.js";

const tiny = pelk("tiny");
const least = () => experiment({ name: "my-run", network: tiny, data: digits() });

test("what is left out is completed by the documented defaults", () => {
  expect(least()).toEqual({
    kind: "experiment",
    name: "my-run",
    network: tiny,
    task: "classification",
    data: { type: "digits", train: 2000, test: 500 },
    recipe: {
      steps: null,
      epochs: 30,
      batch: 64,
      accumulate: 1,
      optimizer: "adamw",
      betas: [0.9, 0.999],
      eps: 1e-8,
      fused: false,
      lr: 1e-3,
      lrScaling: false,
      schedule: "cosine",
      minLr: 1e-6,
      power: 1,
      milestones: [],
      gamma: 0.1,
      warmupSteps: null,
      warmupEpochs: null,
      warmupStart: 0,
      weightDecay: 0.05,
      layerDecay: false,
      layerBlocks: 1,
      stageDecay: false,
      clipGrad: false,
      labelSmoothing: 0,
      dropPath: null,
      ema: false,
      amp: false,
      syncBatchNorm: false,
      channelsLast: false,
      compile: false,
      checkpointActivations: false,
      augment: {
        flip: 0,
        cropScale: 1,
        randAugment: false,
        colorJitter: 0,
        erasing: 0,
        mixup: 0,
        cutmix: 0,
      },
      logEvery: 10,
      evalEvery: null,
      checkpointEvery: null,
    },
    sparsity: null,
    seed: 0,
  });
});

test("part of a recipe, and of its augmentation, replaces what it names", () => {
  const { recipe } = experiment({
    name: "a",
    network: tiny,
    data: imageFolder({ root: "data" }),
    recipe: {
      steps: 100,
      epochs: null,
      lr: 1e300,
      augment: { randAugment: "rand-m9-mstd0.5-inc1" },
    },
  });
  const { recipe: usual } = least();
  expect(recipe).toEqual({
    ...usual,
    steps: 100,
    epochs: null,
    lr: 1e300,
    augment: { ...usual.augment, randAugment: "rand-m9-mstd0.5-inc1" },
  });
});

test("a completed experiment is one: schema, JSON, spread", () => {
  expect(Experiment.parse(least())).toEqual(least());
  expect(validateExperiment(JSON.parse(JSON.stringify(least())))).toEqual(least());
  expect(experiment({ ...least(), seed: 1 })).toEqual({ ...least(), seed: 1 });
});

test("a mistake in the network of a changed experiment has its path from the experiment", () => {
  const changed = structuredClone(least());
  changed.network.widths = [8];
  expect(() => validateExperiment(changed)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ path: "network.widths" }) }),
  );
});

test("classes other than the data's ten are no mistake", () => {
  expect(tiny.head.classes).toBe(1000);
  expect(least().network.head.classes).toBe(1000);
});

test("an unknown option of the sparsity is answered with those that there are", () => {
  const sparsity = JSON.parse('{"amount":0.4,"evry":3}');
  expect(() => experiment({ ...least(), sparsity })).toThrow(
    expect.objectContaining({
      details: expect.objectContaining({
        path: "sparsity.evry",
        allowed: "amount, init, every, prune, grow, on",
        fix: "write every",
      }),
    }),
  );
});

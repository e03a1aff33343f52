import { describe, expect, test } from "vitest";
import { digits, experiment, pelk, recipe, sparsity } from "../../src/dsl/index.js";
import { applySettings } from "../../src/harness/settings.js";
import type { FoveaError } from "../../src/ir/error.js";
import { Recipe } from "../../src/ir/recipe.js";

function mistake(call: () => unknown): FoveaError["details"] {
  try {
    call();
  } catch (error) {
    return (error as FoveaError).details;
  }
  throw new Error("nothing is wrong with it");
}

const loose = recipe as unknown as Record<string, (...given: unknown[]) => Recipe>;

/** Whole recipes but for how often things are written: figures by hand, from the papers' code. */
const IMAGENET = {
  steps: null,
  epochs: 300,
  batch: 4096,
  accumulate: 1,
  optimizer: "adamw",
  betas: [0.9, 0.999],
  eps: 1e-8,
  fused: false,
  lr: 0.004,
  lrScaling: false,
  schedule: "cosine",
  minLr: 0.000001,
  power: 1,
  milestones: [],
  gamma: 0.1,
  warmupSteps: null,
  warmupEpochs: 20,
  warmupStart: 0,
  weightDecay: 0.05,
  layerDecay: false,
  layerBlocks: 1,
  stageDecay: false,
  clipGrad: false,
  labelSmoothing: 0.1,
  ema: 0.9999,
  amp: false,
  syncBatchNorm: false,
  channelsLast: false,
  compile: false,
  checkpointActivations: false,
  augment: {
    flip: 0.5,
    cropScale: 0.08,
    randAugment: "rand-m9-mstd0.5-inc1",
    colorJitter: 0.4,
    erasing: 0.25,
    mixup: 0.8,
    cutmix: 1,
  },
  logEvery: 10,
  evalEvery: null,
  checkpointEvery: null,
};
const PLAIN_AUGMENT = {
  flip: 0.5,
  cropScale: 1,
  randAugment: false,
  colorJitter: 0,
  erasing: 0,
  mixup: 0,
  cutmix: 0,
};
const FINE_TUNING = {
  ...IMAGENET,
  batch: 16,
  minLr: 0,
  warmupEpochs: null,
  labelSmoothing: 0,
  ema: false,
  augment: PLAIN_AUGMENT,
};
const ADE20K = {
  ...FINE_TUNING,
  steps: 160000,
  epochs: null,
  lr: 0.0001,
  schedule: "poly",
  warmupSteps: 1500,
  warmupStart: 0.000001,
  stageDecay: 0.9,
};
const DETECTION = {
  ...FINE_TUNING,
  epochs: 36,
  schedule: "step",
  milestones: [27, 33],
  warmupSteps: 500,
  warmupStart: 0.001,
};
const COCO = { ...DETECTION, lr: 0.0002, layerDecay: 0.7, layerBlocks: 3 };
const VOC = { ...DETECTION, lr: 0.0001 };

const PUBLISHED: Record<string, [figures: object, dropPath: Record<string, number>]> = {
  slak: [IMAGENET, { tiny: 0.1, small: 0.4, base: 0.5 }],
  pelk: [IMAGENET, { tiny: 0.1, small: 0.4, base: 0.5 }],
  convnext: [IMAGENET, { tiny: 0.1, small: 0.4, base: 0.5 }],
  replknet: [{ ...IMAGENET, batch: 2048, warmupEpochs: 10 }, { "31b": 0.5 }],
  ade20k: [ADE20K, { tiny: 0.4, small: 0.3, base: 0.4 }],
  coco: [COCO, { tiny: 0.4, small: 0.6, base: 0.7 }],
  voc: [VOC, { tiny: 0.4, small: 0.6, base: 0.7 }],
};

describe("every figure of every published recipe", () => {
  const rows = Object.entries(PUBLISHED).flatMap(([name, [figures, rates]]) =>
    Object.entries(rates).map(([size, dropPath]) => ({ name, size, figures, dropPath })),
  );
  test.each(rows)("$name, $size", ({ name, size, figures, dropPath }) => {
    expect(loose[name]?.(size)).toEqual({ ...figures, dropPath });
  });
  test("none is left out", () => {
    expect(Object.keys(recipe).sort()).toEqual([...Object.keys(PUBLISHED), "digits"].sort());
  });
});

test("120 epochs of the ablations change the length alone", () => {
  for (const make of [recipe.slak, recipe.pelk, recipe.convnext]) {
    expect(make("small", { epochs: 120 })).toEqual({ ...make("small"), epochs: 120 });
  }
});

test("digits is what the demo trains with", () => {
  expect(recipe.digits()).toMatchObject({
    steps: 1400,
    batch: 32,
    lr: 0.002,
    ema: 0.99,
    evalEvery: 200,
    schedule: "cosine",
    augment: { ...PLAIN_AUGMENT, flip: 0 },
  });
});

test("overrides replace figures, of augmentation the named ones", () => {
  const changed = recipe.slak("tiny", { accumulate: 32, augment: { mixup: 0 } });
  const published = recipe.slak("tiny");
  expect(changed).toEqual({
    ...published,
    accumulate: 32,
    augment: { ...published.augment, mixup: 0 },
  });
  expect(recipe.slak("tiny", { epochs: undefined, lr: undefined })).toEqual(published);
});

test("a length that is overridden is not lost to the published one in other units", () => {
  expect(recipe.ade20k("tiny", { epochs: 127 })).toMatchObject({ steps: null, epochs: 127 });
  expect(recipe.digits({ epochs: 2 })).toMatchObject({ steps: null, epochs: 2 });
  expect(recipe.ade20k("tiny", { steps: 80_000 })).toMatchObject({ steps: 80_000 });
  expect(recipe.coco("tiny", { warmupEpochs: 1 })).toMatchObject({ warmupSteps: null });
  expect(recipe.slak("tiny", { steps: 5000 })).toMatchObject({ steps: 5000, epochs: 300 });
});

test("a recipe is a plain object: schema, JSON, spread, in an experiment, with --set", () => {
  const coco = recipe.coco("base");
  expect(Recipe.parse(JSON.parse(JSON.stringify(coco)))).toEqual(coco);
  const other = { ...recipe.slak("tiny"), epochs: 90 };
  const declared = experiment({
    name: "a",
    network: pelk("tiny"),
    data: digits(),
    recipe: other,
    sparsity: sparsity.pelk("tiny"),
  });
  expect(declared.recipe).toEqual(other);
  const changed = applySettings(declared, [
    "recipe.schedule=step",
    "recipe.milestones=[60, 80]",
    "recipe.betas=[0.9, 0.95]",
    'recipe.lrScaling={"rule": "sqrt", "batch": 4096}',
    "recipe.layerDecay=0.7",
    "recipe.layerBlocks=3",
    "recipe.augment.cutmix=0",
  ]);
  expect(changed.recipe).toEqual({
    ...other,
    schedule: "step",
    milestones: [60, 80],
    betas: [0.9, 0.95],
    lrScaling: { rule: "sqrt", batch: 4096 },
    layerDecay: 0.7,
    layerBlocks: 3,
    augment: { ...other.augment, cutmix: 0 },
  });
});

test("nobody can change a published recipe for others", () => {
  const published = recipe.slak("tiny");
  expect(() => Object.assign(published.augment, { mixup: 0 })).toThrow(TypeError);
  expect(recipe.slak("tiny")).toEqual(published);
});

describe("mistakes", () => {
  test.each([
    ["an unknown size", () => loose["slak"]?.("huge"), "size", /"tiny", "small", "base"/],
    ["no size", () => loose["pelk"]?.(), "size", /"tiny"/],
    ["options in place of a size", () => loose["coco"]?.({ batch: 8 }), "size", /"tiny"/],
    ["a size never trained so", () => loose["replknet"]?.("xl"), "size", /"31b"/],
    ["a name of Object's", () => loose["slak"]?.("toString"), "size", /"tiny"/],
    ["an unknown option", () => loose["slak"]?.("tiny", { learningRate: 1 }), "learningRate", /lr/],
    [
      "an unknown augmentation",
      () => loose["slak"]?.("tiny", { augment: { mixUp: 1 } }),
      "augment.mixUp",
      /mixup/,
    ],
    ["augmentation off", () => loose["slak"]?.("tiny", { augment: false }), "augment", /object/],
    ["a wrong value", () => loose["ade20k"]?.("tiny", { lr: 0 }), "lr", /over 0/],
    ["no options", () => loose["digits"]?.(7), "", /plain object/],
    ["an unknown option of digits", () => loose["digits"]?.({ step: 7 }), "step", /steps/],
    [
      "another length",
      () => loose["slak"]?.("tiny", { epochs: 90 }),
      "epochs",
      /\{ \.\.\.recipe\.slak\("tiny"\), epochs: 90 \}/,
    ],
    ["half an epoch", () => loose["pelk"]?.("tiny", { epochs: 0.5 }), "epochs", /epochs: 300/],
    ["RepLKNet's length", () => loose["replknet"]?.("31b", { epochs: 120 }), "epochs", /300/],
    [
      "what does not agree",
      () => loose["slak"]?.("tiny", { accumulate: 3 }),
      "accumulate",
      /divisor of 4096/,
    ],
    [
      "a milestone beyond the end",
      () => loose["coco"]?.("tiny", { epochs: 12 }),
      "milestones[0]",
      /1 to 11/,
    ],
    [
      "both decays",
      () => loose["coco"]?.("tiny", { stageDecay: 0.9 }),
      "stageDecay",
      /stageDecay: false/,
    ],
  ])("%s", (_, call, path, hint) => {
    const details = mistake(call);
    expect(details.path ?? "").toBe(path);
    expect(`${details.allowed} ${details.fix}`).toMatch(hint);
  });

  test("a warm-up that a shorter run cannot hold is found in the experiment", () => {
    const short = { ...recipe.slak("tiny"), epochs: 20 };
    const call = () =>
      experiment({ name: "a", network: pelk("tiny"), data: digits(), recipe: short });
    expect(mistake(call)).toMatchObject({ path: "recipe.warmupEpochs", value: 20 });
  });
});

describe("published sparsities", () => {
  const S_AND_B = {
    amount: 0.4,
    init: "snip",
    every: 100,
    prune: 0.3,
    grow: "random",
    on: "shared",
  };
  test.each(["slak", "pelk"] as const)("%s", (name) => {
    expect(sparsity[name]("tiny")).toEqual({ ...S_AND_B, every: 2000, prune: 0.5 });
    expect(sparsity[name]("small")).toEqual(S_AND_B);
    expect(sparsity[name]("base")).toEqual(S_AND_B);
    expect(sparsity[name]("base", { grow: "gradient" }).grow).toBe("gradient");
  });
  test("mistakes", () => {
    const wrong = sparsity as unknown as Record<string, (...given: unknown[]) => unknown>;
    expect(mistake(() => wrong["slak"]?.("large")).path).toBe("size");
    expect(mistake(() => wrong["slak"]?.("tiny", { amnt: 0.5 })).fix).toBe("write amount");
    expect(mistake(() => wrong["pelk"]?.("tiny", { amount: 1 })).path).toBe("amount");
  });
});

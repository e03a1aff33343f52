import type { ErrorCode } from "../ir/codes.js";
import { LIMITS } from "../ir/limits.js";

/** What a mistake in an option is answered with. */
export interface Words {
  /** Values that are allowed. */
  readonly allowed: string;
  /** A right value, as it is written in a declaration. */
  readonly example: string;
  /** FOV0001 where it is not given. */
  readonly code?: ErrorCode;
  /** Whether too large a value hits one of {@link LIMITS}. */
  readonly limited?: true;
}

const words = (allowed: string, example: string, more?: Partial<Words>): Words => ({
  allowed,
  example,
  ...more,
});

const whole = (least: number, most: number, example: number): Words =>
  words(`a whole number from ${least} to ${most}`, String(example), { limited: true });

const SIDE = `an odd whole number from 1 to ${LIMITS.kernelSide}`;
const CELLS = "a list of whole numbers from 1";
const SHARE = "a number from 0 to 1";
const BELOW_ONE = "a number from 0 to below 1";
const COUNT = "a whole number from 1 to 1000000000";
const NAME = "a lower-case letter, then at most 63 of a-z, 0-9 and _";
const RESERVED = "no Python keyword and no module's name";
const YES_NO = "true or false";
const EVERY = `${COUNT}, or null for once an epoch`;

const kernel = { code: "FOV0010", limited: true } as const;
const cells = { code: "FOV0012", limited: true } as const;

/**
 * Words for each option of the declaration, by its name; `[]` stands for an entry of a list, and
 * `<type>.<name>` for an option that has another meaning in one object.
 */
export const WORDS: Readonly<Record<string, Words>> = {
  // Objects that carry their own type
  kind: words("what network(), timm() or experiment() return", "network"),
  type: words("the type that the DSL's functions write", "peripheral"),

  // Networks
  name: words(`${NAME}; ${RESERVED}`, '"my_pelk"', { code: "FOV0004" }),
  description: words("text that can be encoded as UTF-8, or nothing", '"what it is for"'),
  input: words("{ channels, size }", "{ channels: 3, size: 224 }"),
  channels: whole(1, LIMITS.width, 3),
  size: words(`a whole number from 1 to ${LIMITS.inputSide}, or [height, width] of two`, "224", {
    limited: true,
  }),
  "size[]": whole(1, LIMITS.inputSide, 224),
  stem: words("stem.patchify({ stride }) or stem.convolutional()", "stem.patchify({ stride: 4 })"),
  downsample: words(
    "downsample.patchify({ stride }) or downsample.transition()",
    "downsample.patchify({ stride: 2 })",
  ),
  stride: whole(1, LIMITS.inputSide, 4),
  block: words(
    "block.convnext({ expansion?, layerScale? }) or block.replknet({ expansion?, ratio? })",
    "block.convnext({ expansion: 4 })",
  ),
  expansion: whole(1, 64, 4),
  layerScale: words("a number over 0, or false", "1e-6"),
  ratio: words("a number over 0, to 64", "1.5"),
  depths: words(
    `a list of 1 to ${LIMITS.stages} whole numbers, the blocks of each stage`,
    "[3, 3, 9, 3]",
    { limited: true },
  ),
  "depths[]": whole(1, LIMITS.blocks, 3),
  widths: words(
    `a list of 1 to ${LIMITS.stages} whole numbers, the channels of each stage`,
    "[96, 192, 384, 768]",
    { limited: true },
  ),
  "widths[]": whole(1, LIMITS.width, 96),
  initStd: words("a number over 0, to 1", "0.02"),
  widen: words(`a number over 0, to ${LIMITS.width}`, "1.3", { limited: true }),
  mixers: words(
    `a list of 1 to ${LIMITS.stages} mixers, one for each stage`,
    "[peripheral({ kernel: 51, centre: 5 })]",
    { limited: true },
  ),
  "mixers[]": words(
    "what peripheral(), grid(), dense() or stripes() return",
    "peripheral({ kernel: 51, centre: 5 })",
  ),
  dropPath: words(BELOW_ONE, "0.1"),
  sparsity: words(BELOW_ONE, "0.4"),
  head: words("classifier(classes)", "classifier(1000)"),
  classes: whole(1, LIMITS.classes, 1000),
  norm: words('"layer" or "batch"', '"layer"'),

  // Peers
  "timm.name": words(`${NAME}; ${RESERVED}`, '"swin_tiny"', { code: "FOV0004" }),
  "timm.model": words(
    "the name of a model of timm: letters, digits and _, with a tag after a dot or without; nothing is fetched from a hub",
    '"swin_tiny_patch4_window7_224"',
  ),
  "timm.input": words("{ channels?, size? }", "{ size: 224 }"),

  // Mixers
  kernel: words(`${SIDE}, or [height, width] of two`, "51", kernel),
  "kernel[]": words(SIDE, "51", kernel),
  centre: words(`${SIDE}, no wider than the kernel`, "5", { code: "FOV0011", limited: true }),
  base: whole(2, LIMITS.kernelSide, 2),
  remainder: words('"own" or "merge"', '"own"'),
  partial: words("a number over 0, to 1", "3/8"),
  embedding: words('"bias", "masked" or false', '"bias"'),
  branch: words(`${SIDE}, or false`, "5", { limited: true }),
  cells: words(CELLS, "[4, 2, 1, 1, 1, 2, 4]", cells),
  "cells[]": words(`a whole number from 1 to ${LIMITS.kernelSide}`, "1", cells),
  rows: words(CELLS, "[4, 2, 1, 1, 1, 2, 4]", cells),
  "rows[]": words(`a whole number from 1 to ${LIMITS.kernelSide}`, "1", cells),
  columns: words(CELLS, "[4, 2, 1, 1, 1, 2, 4]", cells),
  "columns[]": words(`a whole number from 1 to ${LIMITS.kernelSide}`, "1", cells),
  width: words(`${SIDE}, no wider than the kernel`, "5", kernel),

  // Experiments
  "experiment.name": words(
    `a lower-case letter, then at most 63 of a-z, 0-9, _ and -; ${RESERVED}`,
    '"my-run"',
    { code: "FOV0004" },
  ),
  network: words("what network(), a preset or timm() returns", 'pelk("tiny")'),
  task: words('"classification"', '"classification"'),
  data: words(
    "digits({ train, test }), imageFolder({ root }) or webDataset({ train, validation, classes })",
    "digits({})",
  ),
  recipe: words("an object of the recipe's options", "{ epochs: 30 }"),
  seed: words(`a whole number from 0 to ${2 ** 31 - 1}`, "0"),
  train: words(COUNT, "2000"),
  test: words(COUNT, "500"),
  root: words("the path of a folder", '"data/imagenet"'),
  "image_folder.train": words("the name of a folder below root", '"train"'),
  validation: words("the name of a folder below root", '"val"'),
  workers: words("a whole number from 0 to 256", "4"),
  corrupt: words("a whole number from 0 to 1000000000", "10"),
  "webdataset.train": words("a pattern of local tar files", '"shards/train-{000000..000009}.tar"'),
  "webdataset.validation": words("a pattern of local tar files", '"shards/val-{0000..0003}.tar"'),
  trainSize: words(`${COUNT}, or null for as many as there are`, "1281167"),
  crop: whole(1, LIMITS.inputSide, 512),
  year: words("the four digits of a year, as text", '"2007"'),
  scales: words("a list of 1 to 1000 whole numbers, sides in pixels", "[480, 640, 800]"),
  "scales[]": whole(1, LIMITS.inputSide, 800),
  maxSize: whole(1, LIMITS.inputSide, 1333),
  "voc.train": words("the name of a list in ImageSets/Main", '"trainval"'),
  "voc.validation": words("the name of a list in ImageSets/Main", '"test"'),

  // Recipes
  steps: words(`${COUNT}, or null where epochs count`, "1000"),
  epochs: words(`${COUNT}, or null where steps count`, "30"),
  batch: words(COUNT, "64"),
  accumulate: words("a whole number from 1 to 65536, a divisor of batch", "1"),
  betas: words("a list of two numbers from 0 to below 1", "[0.9, 0.999]"),
  "betas[]": words(BELOW_ONE, "0.9"),
  eps: words("a number over 0, to 1", "1e-8"),
  fused: words(YES_NO, "false"),
  lrScaling: words("{ rule, batch }, or false", '{ rule: "linear", batch: 4096 }'),
  rule: words('"linear" or "sqrt"', '"linear"'),
  schedule: words('"cosine", "poly" or "step"', '"cosine"'),
  power: words("a number over 0, to 100", "1"),
  milestones: words("a list of epochs, each after the one before", "[27, 33]"),
  "milestones[]": words("an epoch, after the one before", "27"),
  gamma: words("a number between 0 and 1", "0.1"),
  optimizer: words('"adamw"', '"adamw"'),
  lr: words("a finite number over 0", "1e-3"),
  minLr: words("a number from 0 to lr", "1e-6"),
  warmupSteps: words("a whole number from 0, or null for one twentieth of all steps", "100"),
  warmupEpochs: words("a whole number from 0, or null where warmupSteps count", "20"),
  warmupStart: words(BELOW_ONE, "0"),
  layerDecay: words("a number over 0, to 1, or false", "0.7"),
  layerBlocks: words("a whole number from 1 to 1000", "1"),
  stageDecay: words("a number over 0, to 1, or false", "0.9"),
  weightDecay: words("a finite number from 0", "0.05"),
  clipGrad: words("a number over 0, or false", "1"),
  labelSmoothing: words(BELOW_ONE, "0.1"),
  "recipe.dropPath": words(`${BELOW_ONE}, or null for the network's`, "0.1"),
  ema: words("a number between 0 and 1, or false", "0.9999"),
  amp: words('"bf16", "fp16" or false', '"bf16"'),
  syncBatchNorm: words(YES_NO, "true"),
  channelsLast: words(YES_NO, "true"),
  compile: words(YES_NO, "true"),
  checkpointActivations: words(YES_NO, "true"),
  augment: words("an object of the augmentation's options", "{ flip: 0.5 }"),
  flip: words(SHARE, "0.5"),
  cropScale: words("a number over 0, to 1", "0.08"),
  randAugment: words("a configuration of timm's RandAugment, or false", '"rand-m9-mstd0.5-inc1"'),
  colorJitter: words(SHARE, "0.4"),
  erasing: words(SHARE, "0.25"),
  mixup: words("a number from 0 to 100", "0.8"),
  cutmix: words("a number from 0 to 100", "1"),

  // Sparsity
  "experiment.sparsity": words("an object of the sparsity's options, or null", "{ amount: 0.4 }"),
  amount: words("a number between 0 and 1", "0.4"),
  init: words('"snip", "uniform" or "erk"', '"snip"'),
  every: words(COUNT, "100"),
  prune: words("a number between 0 and 1", "0.3"),
  grow: words('"random" or "gradient"', '"random"'),
  on: words('"shared" or "expanded"', '"shared"'),

  // How often
  logEvery: words(COUNT, "10"),
  evalEvery: words(EVERY, "100"),
  checkpointEvery: words(EVERY, "100"),
};

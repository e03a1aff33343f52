import { z } from "zod";
import { ExperimentName } from "./name.js";
import { Trainable } from "./trainable.js";

const Count = z.int().positive().max(1e9);
const Every = z.int().positive().max(1e9).nullable();
const Share = z.number().min(0).max(1);

/** Seeded scenes composed from scikit-learn's scanned digits; ten classes (docs/digits.md). */
export const DigitsData = z.strictObject({
  type: z.literal("digits"),
  /** Number of training scenes. */
  train: Count,
  /** Number of held-out scenes. */
  test: Count,
});

/** ImageNet's layout: `root/<train>/<class>/<image>` and `root/<validation>/<class>/<image>`. */
export const ImageFolderData = z.strictObject({
  type: z.literal("image_folder"),
  root: z.string().min(1),
  train: z.string().min(1),
  validation: z.string().min(1),
  /** Loader processes. */
  workers: z.int().min(0).max(256),
});

export const Data = z.discriminatedUnion("type", [DigitsData, ImageFolderData]);
export type Data = z.infer<typeof Data>;

/** Augmentation through timm; every part is off at 0 or false. */
export const Augment = z.strictObject({
  /** Probability of a horizontal flip. */
  flip: Share,
  /** Smallest share of the image's area that a random resized crop keeps; 1 is no crop. */
  cropScale: z.number().gt(0).max(1),
  /** timm's RandAugment configuration, such as `rand-m9-mstd0.5-inc1`. */
  randAugment: z.union([z.string().regex(/^rand(-[a-z]+[0-9.]+)*$/), z.literal(false)]),
  colorJitter: z.number().min(0).max(1),
  /** Probability of random erasing. */
  erasing: Share,
  /** Mixup's alpha. */
  mixup: z.number().min(0).max(100),
  /** CutMix's alpha. */
  cutmix: z.number().min(0).max(100),
});
export type Augment = z.infer<typeof Augment>;

/** How a network is trained, completed. `null` in an `…Every` stands for once an epoch. */
export const Recipe = z.strictObject({
  /** Optimizer steps in all; wins over `epochs`. */
  steps: Count.nullable(),
  epochs: Count.nullable(),
  /** Images a step. */
  batch: Count,
  optimizer: z.literal("adamw"),
  lr: z.number().positive(),
  /** Learning rate at the end of the cosine. */
  minLr: z.number().min(0),
  /** Steps of linear warm-up; `null` stands for one twentieth of all steps. */
  warmupSteps: z.int().min(0).max(1e9).nullable(),
  weightDecay: z.number().min(0),
  /** Largest norm of the gradient, or no clipping. */
  clipGrad: z.union([z.number().positive(), z.literal(false)]),
  labelSmoothing: z.number().min(0).lt(1),
  /** Overrides the network's rate where given. */
  dropPath: z.number().min(0).lt(1).nullable(),
  /** Decay of the exponential moving average of the weights. */
  ema: z.union([z.number().gt(0).lt(1), z.literal(false)]),
  /** Autocast's type; an error on a device that lacks it. */
  amp: z.union([z.enum(["bf16", "fp16"]), z.literal(false)]),
  augment: Augment,
  logEvery: Count,
  evalEvery: Every,
  checkpointEvery: Every,
});
export type Recipe = z.infer<typeof Recipe>;

/** One training run, completed, in the DSL's spelling. It is what `run.json` holds and what is hashed. */
export const Experiment = z.strictObject({
  kind: z.literal("experiment"),
  name: ExperimentName,
  network: Trainable,
  task: z.enum(["classification"]),
  data: Data,
  recipe: Recipe,
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});
export type Experiment = z.infer<typeof Experiment>;

/** An experiment whose kind of network is known. */
export type ExperimentOf<N extends Trainable> = Experiment & { network: N };

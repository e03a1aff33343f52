import { z } from "zod";
import { atMost } from "./lengths.js";

const Count = z.int().positive().max(1e9);
const Every = z.int().positive().max(1e9).nullable();
const Share = z.number().min(0).max(1);
const BelowOne = z.number().min(0).lt(1);
/** A rate of decay from the last layer to the first, or none. */
const Decay = z.union([z.number().gt(0).max(1), z.literal(false)]);

/** Augmentation through timm; every part is off at 0 or false. */
export const Augment = z.strictObject({
  /** Probability of a horizontal flip. */
  flip: Share,
  /** Smallest share of the image's area that a random resized crop keeps; 1 is no crop. */
  cropScale: z.number().gt(0).max(1),
  /** timm's RandAugment configuration, such as `rand-m9-mstd0.5-inc1`. */
  randAugment: z.union([z.string().regex(/^rand(-[a-z]+[0-9.]+)*$/), z.literal(false)]),
  /** Strength of changes of brightness, contrast and saturation. */
  colorJitter: z.number().min(0).max(1),
  /** Probability of random erasing. */
  erasing: Share,
  /** Mixup's alpha. */
  mixup: z.number().min(0).max(100),
  /** CutMix's alpha. */
  cutmix: z.number().min(0).max(100),
});
export type Augment = z.infer<typeof Augment>;

/** How a learning rate follows another batch than the one it was found with. */
const LrScaling = z.strictObject({
  /** `linear`: lr · (the recipe's batch / this one); `sqrt`: by the square root of it. */
  rule: z.enum(["linear", "sqrt"]),
  /** Images a step that `lr` and `minLr` are meant for. */
  batch: Count,
});

/** How a network is trained, completed. `null` in an `…Every` stands for once an epoch. */
export const Recipe = z.strictObject({
  /** Optimizer steps in all; wins over `epochs`. */
  steps: Count.nullable(),
  /** Passes over the training data. */
  epochs: Count.nullable(),
  /** Images an optimizer step, over all processes and all pieces of `accumulate`. */
  batch: Count,
  /** Pieces that a process computes its share of the batch in, one after the other. */
  accumulate: z.int().positive().max(65_536),
  /** AdamW, the only one. */
  optimizer: z.literal("adamw"),
  /** AdamW's decays of its two moments. */
  betas: z.tuple([BelowOne, BelowOne]),
  /** Added to AdamW's denominator. */
  eps: z.number().positive().max(1),
  /** One kernel for all parameters; an error where the device has none. */
  fused: z.boolean(),
  /** Highest learning rate of the schedule, over 0. */
  lr: z.number().positive(),
  /** How the learning rate follows another batch; none by `false`. */
  lrScaling: z.union([LrScaling, z.literal(false)]),
  /** `cosine` and `poly` end at `minLr`; `step` multiplies by `gamma` at `milestones`. */
  schedule: z.enum(["cosine", "poly", "step"]),
  /** Learning rate at the end of `cosine` and `poly`; scaled as `lr` is. */
  minLr: z.number().min(0),
  /** Exponent of `poly`. */
  power: z.number().positive().max(100),
  /** Epochs after which `step` multiplies. */
  milestones: z.array(Count).check(atMost(1000)),
  /** Factor of `step` at each milestone. */
  gamma: z.number().gt(0).lt(1),
  /** Steps of linear warm-up; wins over `warmupEpochs`. `null` in both is one twentieth of all. */
  warmupSteps: z.int().min(0).max(1e9).nullable(),
  /** Epochs of linear warm-up. */
  warmupEpochs: z.int().min(0).max(1e9).nullable(),
  /** Share of `lr` that the warm-up begins at. */
  warmupStart: BelowOne,
  /** Decay of weights, apart from the gradient; vectors have none. */
  weightDecay: z.number().min(0),
  /** The learning rate of each layer is this share of the next one's; the head has it all. */
  layerDecay: Decay,
  /** Consecutive blocks of a stage that are one layer of `layerDecay`. */
  layerBlocks: z.int().positive().max(1000),
  /** The same as `layerDecay`, from stage to stage. */
  stageDecay: Decay,
  /** Largest norm of the gradient, or no clipping. */
  clipGrad: z.union([z.number().positive(), z.literal(false)]),
  /** Share of the target that is spread over all classes. */
  labelSmoothing: BelowOne,
  /** Overrides the network's rate where given. */
  dropPath: BelowOne.nullable(),
  /** Decay of the exponential moving average of the weights. */
  ema: z.union([z.number().gt(0).lt(1), z.literal(false)]),
  /** Autocast's type; an error on a device that lacks it. */
  amp: z.union([z.enum(["bf16", "fp16"]), z.literal(false)]),
  /** BatchNorm's statistics over all processes; an error on a CPU. */
  syncBatchNorm: z.boolean(),
  /** Feature maps with channels innermost (torch.channels_last). */
  channelsLast: z.boolean(),
  /** torch.compile. */
  compile: z.boolean(),
  /** Activations are computed again in the backward pass instead of being kept. */
  checkpointActivations: z.boolean(),
  /** Augmentation through timm. */
  augment: Augment,
  /** Steps between two `step` events. */
  logEvery: Count,
  /** Steps between two evaluations; `null` is once an epoch. */
  evalEvery: Every,
  /** Steps between two checkpoints; `null` is once an epoch. */
  checkpointEvery: Every,
});
export type Recipe = z.infer<typeof Recipe>;

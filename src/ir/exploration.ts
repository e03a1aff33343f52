import { z } from "zod";

const Size = z.tuple([z.int(), z.int()]);

/** A count as computed densely, and as the network's declared sparsity leaves it. */
const Counts = z.strictObject({ dense: z.int(), nonzero: z.int() });

/** Trainable parameters; the kernel-wise embedding, which `fuse()` makes a bias, is within `dense`. */
const Params = Counts.extend({ embedding: z.int() });

/** What a benchmark found of a stage's large kernels, all blocks of the stage counted. */
const MeasuredSize = z.strictObject({
  /** Medians in microseconds; `null` where the kernel failed its gate, so that it has no time. */
  forward: z.number().nullable(),
  /** Forward and the gradients of `x` and weight. */
  training: z.number().nullable(),
  /** Bytes at the peak of one call with its gradients, beyond what it is given. */
  peakMemory: z.int().nullable(),
  /** What the correctness gate found wrong. */
  failures: z.array(z.string()),
});

/** A stage with a kernel and a centre of its own, everything else as declared. */
export const ExploredSize = z.strictObject({
  /** `[height, width]` in taps. */
  kernel: Size,
  /** Side of the square that is not shared; `null` of dense kernels and stripes. */
  centre: z.int().nullable(),
  /** Whether it is what the network declares. */
  declared: z.boolean(),
  /** `[rows, columns]` of cells of each large kernel; their product is its weights a channel. */
  cells: z.array(Size),
  /** Whether the cells outside the centre are whole powers of the base; `null` without a centre. */
  exact: z.boolean().nullable(),
  /** The nearest sides that fill exactly, where this one does not. */
  nearestExact: z.array(z.int()),
  /** `[height, width]` of the taps that can touch the stage's map. */
  reach: Size,
  /** Of the whole network, as `fovea inspect` counts. */
  params: Params,
  macs: Counts,
  /** What they are beyond the declared network's, dense. */
  difference: z.strictObject({ params: z.int(), macs: z.int() }),
  /** How the large kernels are computed, forward and where gradients follow. */
  methods: z.array(z.string()),
  trainingMethods: z.array(z.string()),
  /** By the cost model, in microseconds, all large kernels of the stage; never measured. */
  predicted: z.strictObject({
    forward: z.number(),
    /** `null` where only their sum with the convolution is known. */
    inputGradient: z.number().nullable(),
    weightGradient: z.number().nullable(),
    /** Forward and both gradients. */
    training: z.number(),
    /** Bytes beside given and returned tensors, of the call that needs most. */
    scratchBytes: z.int(),
  }),
  /** `null` where nothing was measured. */
  measured: MeasuredSize.nullable(),
  /** Whether no other size of the stage is as good in everything and better in something. */
  pareto: z.boolean(),
});
export type ExploredSize = z.infer<typeof ExploredSize>;
export type MeasuredSize = z.infer<typeof MeasuredSize>;

/** A combination that the stage cannot have. */
const LeftOut = z.strictObject({
  kernel: z.int(),
  centre: z.int().nullable(),
  reason: z.string(),
});
export type LeftOut = z.infer<typeof LeftOut>;

const ExploredStage = z.strictObject({
  stage: z.int(),
  mixer: z.enum(["peripheral", "grid", "dense", "stripes"]),
  depth: z.int(),
  channels: z.int(),
  /** Channels that are convolved. */
  convolved: z.int(),
  /** Feature map, `[height, width]` in pixels. */
  map: Size,
  /** Why the stage has no sizes to explore; `null` where it has. */
  fixed: z.string().nullable(),
  /** By kernel, then by centre; the declared size is among them. */
  sizes: z.array(ExploredSize),
  leftOut: z.array(LeftOut),
});
export type ExploredStage = z.infer<typeof ExploredStage>;

/** The document of `fovea explore --json`. */
export const Exploration = z.strictObject({
  name: z.string(),
  input: z.strictObject({ channels: z.int(), size: Size }),
  /** What the predictions are for. */
  target: z.string(),
  device: z.string(),
  dtype: z.string(),
  batch: z.int(),
  /** Where times were measured; `null` where they were not. */
  measuredOn: z
    .strictObject({ device: z.string(), name: z.string(), dtype: z.string(), batch: z.int() })
    .nullable(),
  /** Of the network as it is declared. */
  params: Params,
  macs: Counts,
  stages: z.array(ExploredStage),
});
export type Exploration = z.infer<typeof Exploration>;

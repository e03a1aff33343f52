import { z } from "zod";

const head = {
  v: z.literal(1),
  /** Counts the lines of the file from 0, resumed runs included. */
  seq: z.int().min(0),
  /** Unix seconds; never runs back. */
  time: z.number().min(0),
};
const Finite = z.number().nullable();
const Step = z.int().min(0);

export const RunStatus = z.enum([
  "queued",
  "running",
  "completed",
  "failed",
  "cancelled",
  "out_of_memory",
  "diverged",
  "lost",
]);
export type RunStatus = z.infer<typeof RunStatus>;

export const EndStatus = RunStatus.exclude(["queued", "running"]);
export type EndStatus = z.infer<typeof EndStatus>;

/** One line of `events.jsonl`. A number that is not finite is written as `null`. */
export const Event = z.discriminatedUnion("type", [
  z.strictObject({
    ...head,
    type: z.literal("run_start"),
    /** Step that the run starts after: 0, or the checkpoint's. */
    step: Step,
    /** Optimizer steps in all. */
    steps: z.int().positive(),
    epochs: z.number().positive(),
    device: z.string(),
    versions: z.record(z.string(), z.string()),
    /** Trainable parameters. */
    parameters: z.int().positive(),
    // Files of fovea 0.1 have none of those that follow.
    /** Processes that train together. */
    processes: z.int().positive().optional(),
    /** Images an optimizer step, over all processes and pieces. */
    batch: z.int().positive().optional(),
    /** Pieces that each process computes its share of a step in. */
    accumulate: z.int().positive().optional(),
    /** The recipe's learning rate after its scaling: the highest of the schedule. */
    lr: z.number().positive().optional(),
    /** Digest of the data that is trained and evaluated on, by split; what it covers is in docs/provenance.md. */
    data: z.record(z.string(), z.string()).optional(),
    /** What the arithmetic runs on beside the device: threads, the processor's model and features. */
    host: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({
    ...head,
    type: z.literal("step"),
    /** 1 after the first optimizer step. */
    step: z.int().positive(),
    epoch: z.number().min(0),
    loss: Finite,
    lr: z.number(),
    images_per_second: Finite,
    grad_norm: Finite,
  }),
  z.strictObject({
    ...head,
    type: z.literal("eval"),
    step: Step,
    epoch: z.number().min(0),
    split: z.string(),
    /** Shares are percentages, 0 to 100. */
    metrics: z.record(z.string(), Finite),
  }),
  z.strictObject({
    ...head,
    type: z.literal("checkpoint"),
    /** Relative to the run's directory. */
    path: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    step: Step,
  }),
  z.strictObject({
    ...head,
    type: z.literal("kernel_methods"),
    /** `layer` is a module's name; `*` stands for all layers of a peer. */
    layers: z.array(z.strictObject({ layer: z.string(), method: z.string(), reason: z.string() })),
  }),
  z.strictObject({
    ...head,
    type: z.literal("sparsity"),
    /** The step that the update followed. */
    step: Step,
    /** Share of the weights that can be masked which is kept. */
    density: z.number().min(0).max(1),
    /** Kept weights by the parameter's name; what is not named is dense. */
    layers: z.record(z.string(), z.int().min(0)),
    /** Share of the kept weights that the update exchanged. */
    churn: z.number().min(0).max(1),
    /** Share of the weights that can be masked which were kept at any time. */
    explored: z.number().min(0).max(1),
  }),
  z.strictObject({ ...head, type: z.literal("warning"), message: z.string() }),
  z.strictObject({
    ...head,
    type: z.literal("run_end"),
    status: EndStatus,
    reason: z.string().nullable(),
  }),
]);
export type Event = z.infer<typeof Event>;
export type EventType = Event["type"];

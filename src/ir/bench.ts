import { z } from "zod";

/** What is timed: inference, and forward with the gradients of x and weight. */
export const DIRECTIONS = ["forward", "forward_backward"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** One candidate's times in one direction, milliseconds. */
const BenchTimes = z.looseObject({
  median: z.number(),
  min: z.number(),
  lower_quartile: z.number(),
  upper_quartile: z.number(),
  max: z.number(),
  rounds: z.int(),
  /** This time over that of `auto`, paired by rounds; `null` where `auto` has no time. */
  ratio: z.number().nullable(),
  /** Time of the memory floor over this time. */
  floor_share: z.number(),
  /** Speed of the direct sum's FLOPs at this time, over the measured matrix peak. */
  matrix_share: z.number(),
});
export type BenchTimes = z.infer<typeof BenchTimes>;

const BenchCandidate = z.looseObject({
  name: z.string(),
  kind: z.enum(["own", "peer"]),
  /** Why it does not run here. */
  skipped: z.string().nullable(),
  /** Relative errors against float64 by quantity; `null` stands for one that is not finite. */
  errors: z.record(z.string(), z.number().nullable()),
  failures: z.array(z.string()),
  forward: BenchTimes.nullable(),
  forward_backward: BenchTimes.nullable(),
  /** Bytes at the peak of one forward and backward, beyond its inputs. */
  peak_memory: z.int().nullable(),
});
export type BenchCandidate = z.infer<typeof BenchCandidate>;

const both = <T extends z.ZodType>(each: T) => z.object({ forward: each, forward_backward: each });

const BenchShape = z.looseObject({
  /** N, C, H, W. */
  shape: z.array(z.int()).length(4),
  k: z.array(z.int()).length(2),
  dtype: z.string(),
  /** What `auto` takes, and why. */
  method: both(z.string()),
  floor: both(z.looseObject({ bytes: z.int(), counted: z.string(), ms: z.number() })),
  candidates: z.array(BenchCandidate),
  /** The fastest peer, and its time over that of `auto`. */
  best_peer: both(z.object({ name: z.string(), ratio: z.number() }).nullable()),
});
export type BenchShape = z.infer<typeof BenchShape>;

const BenchKernel = z.looseObject({
  kernel: z.string(),
  hash: z.string(),
  device: z.string(),
  device_name: z.string(),
  threads: z.int(),
  machine: z.looseObject({
    copy_bytes_per_second: z.number(),
    matrix_flops_per_second: z.number(),
    matrix_dtype: z.string(),
  }),
  shapes: z.array(BenchShape),
  failures: z.array(z.string()),
  passed: z.boolean(),
});
export type BenchKernel = z.infer<typeof BenchKernel>;

/** The document of `fovea bench`, `bench.json` in its folder. */
export const Bench = z.looseObject({ kernels: z.array(BenchKernel) });
export type Bench = z.infer<typeof Bench>;

import { z } from "zod";

const Size = z.tuple([z.int(), z.int()]);
const Location = z.object({
  file: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
});

/** A whole number before and after. */
const BeforeAfter = z.object({ before: z.int(), after: z.int() });

/** A stage before or after: its kernel and what is predicted of it. */
const StageSide = z.object({
  mixer: z.string(),
  kernel: Size,
  /** Cells of each large kernel, in taps. */
  grids: z.array(z.object({ rows: z.array(z.int()), columns: z.array(z.int()) })),
  params: z.int(),
  macs: z.int(),
  /** How its large kernels are computed, forward. */
  methods: z.array(z.string()),
  /** Of one forward pass of all its blocks, by the cost model. */
  predictedMicroseconds: z.number(),
});

/** What changing sizes does to a network: counts, predicted times, grids and warnings. */
export const SizeComparison = z.object({
  target: z.string(),
  dtype: z.string(),
  batch: z.int(),
  params: BeforeAfter,
  nonzero: BeforeAfter,
  merged: BeforeAfter,
  macs: BeforeAfter,
  predictedMicroseconds: z.object({ before: z.number(), after: z.number() }),
  stages: z.array(
    z.object({ stage: z.int(), changed: z.boolean(), before: StageSide, after: StageSide }),
  ),
  warnings: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type SizeComparison = z.infer<typeof SizeComparison>;

/** The document of `fovea retarget --json`. */
export const RetargetDocument = z.object({
  /** `null` for what is shipped. */
  file: z.string().nullable(),
  network: z.string(),
  edits: z.array(z.object({ file: z.string(), diff: z.string() })),
  changes: z.array(
    z.object({
      path: z.string(),
      from: z.string(),
      to: z.string(),
      location: Location,
      how: z.string(),
    }),
  ),
  comparison: SizeComparison,
  written: z.boolean(),
  /** The package as it was regenerated; `null` where nothing was written. */
  package: z
    .object({
      dir: z.string(),
      files: z.array(z.object({ path: z.string(), sha256: z.string(), status: z.string() })),
    })
    .nullable(),
  /** What verification printed; `null` where it was not asked for. */
  certificates: z.unknown(),
  /** What the benchmark printed, old kernels and new; `null` where it was not asked for. */
  bench: z.unknown(),
});
export type RetargetDocument = z.infer<typeof RetargetDocument>;

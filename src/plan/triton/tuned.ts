import { z } from "zod";
import { isPowerOfTwo, launchFault } from "./launch-rules.js";

/** Constants of launches, such as `BLOCK` and `num_warps`, by the names of `_LAUNCHES`. */
const Launches = z
  .record(z.string(), z.record(z.string(), z.int().positive()))
  .superRefine((launches, context) => {
    for (const [name, launch] of Object.entries(launches)) {
      const fault = launchFault(name, launch);
      if (fault === undefined) continue;
      const { constant, message } = fault;
      context.addIssue({ code: "custom", path: [name, constant], message });
    }
  });

/** What was fastest for maps of one size on one device. */
export const TunedEntry = z.strictObject({
  /** Such as `sm_90`. */
  arch: z.string().regex(/^sm_\d+$/, "not an architecture such as sm_90"),
  dtype: z.enum(["float16", "bfloat16", "float32"]),
  /** `[height, width]` in pixels. */
  map: z.tuple([z.int().positive(), z.int().positive()]),
  /** Cells of the pair of grids. */
  rows: z.array(z.int().positive()),
  columns: z.array(z.int().positive()),
  /** Batches up to this power of two, and over half of it. */
  batch: z.int().positive().refine(isPowerOfTwo, "not a power of two"),
  /** By the names of `_LAUNCHES` in a kernel file. */
  launches: Launches,
});
export type TunedEntry = z.infer<typeof TunedEntry>;
export type TunedTable = readonly TunedEntry[];

/** What `fovea tune` writes: entries, and what they were measured on and with. */
export const TunedFile = z.strictObject({
  v: z.literal(1),
  /** The device's own name. */
  device: z.string(),
  /** Of fovea, Python, torch and triton. */
  versions: z.record(z.string(), z.string().nullable()),
  entries: z.array(TunedEntry).superRefine((entries, context) => {
    const seen = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      const key = tunedKey(entry);
      if (seen.has(key)) {
        const message = "a second entry for the same architecture, dtype, map, grids and batch";
        context.addIssue({ code: "custom", path: [index], message });
      }
      seen.add(key);
    }
  }),
});
export type TunedFile = z.infer<typeof TunedFile>;

/** What an entry is for. */
export function tunedKey({ arch, dtype, map, rows, columns, batch }: TunedEntry): string {
  return JSON.stringify([arch, dtype, rows, columns, map, batch]);
}

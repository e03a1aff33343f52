import { z } from "zod";
import { Network } from "./network.js";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** `manifest.json` of a generated package; `files` lists all but itself. */
export const Manifest = z.strictObject({
  v: z.literal(1),
  /** Version of fovea that emitted the package. */
  fovea: z.string(),
  /** Base name of the user's file, or the shipped network's name; absent where an older fovea wrote it. */
  source: z.string().optional(),
  /** What emits the package again, without a path; absent with `source`. */
  command: z.string().optional(),
  /** Where each stage's mixer was declared, such as `my.arch.ts:12`; absent where none is known. */
  origins: z.array(z.string().nullable()).optional(),
  network: Network,
  /** SHA-256 of the network's canonical JSON. */
  hash: Sha256,
  files: z.array(z.strictObject({ path: z.string(), sha256: Sha256 })),
  kernels: z.array(
    z.strictObject({
      path: z.string(),
      /** SHA-256 of the kernel's code without its header: certificates are kept under it. */
      hash: Sha256,
      rows: z.array(z.int().positive()),
      columns: z.array(z.int().positive()),
      /** Map sizes that its Triton kernels are planned for, `[height, width]` in pixels. */
      maps: z.array(z.tuple([z.int().positive(), z.int().positive()])),
    }),
  ),
  /** SHA-256 of the canonical JSON of the tuned entries in the kernels; absent where there are none. */
  tuned: Sha256.optional(),
  /** Those entries, so that the package can be emitted again; absent where there are none. */
  tunedEntries: z.array(z.json()).optional(),
  params: z.strictObject({
    dense: z.int(),
    nonzero: z.int(),
    embedding: z.int(),
    merged: z.int(),
  }),
  licence: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

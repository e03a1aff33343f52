import { z } from "zod";
import type { Tuning } from "../../harness/tune-kernels.js";
import { FoveaError } from "../../ir/error.js";
import { TunedFile, type TunedTable } from "../../plan/triton/tuned.js";

/** How the search for one entry went. */
const TunedCase = z.strictObject({
  kernel: z.string(),
  dtype: z.string(),
  map: z.tuple([z.int(), z.int()]),
  batch: z.int(),
  /** Channels that were convolved. */
  channels: z.int(),
  /** Milliseconds of one forward and both gradients: with the defaults, and as tuned. */
  default: z.number(),
  tuned: z.number(),
  /** Candidates, the default not counted, and those of them that were dropped, by the reason. */
  candidates: z.int(),
  dropped: z.record(z.string(), z.int()),
});
type TunedCase = z.infer<typeof TunedCase>;

/** What `python -m fovea_runtime.tune` prints. */
export const TuneDocument = z.strictObject({
  ...TunedFile.shape,
  arch: z.string().regex(/^sm_\d+$/),
  cases: z.array(TunedCase),
  failures: z.array(z.string()),
});
export type TuneDocument = z.infer<typeof TuneDocument>;

/**
 * What Python found.
 *
 * @throws FoveaError FOV0040 where it met a mistake of the user's, FOV0061 where it failed itself
 */
export function readTuning({ document, exitCode, said }: Tuning, target: string): TuneDocument {
  const read = TuneDocument.safeParse(document);
  if (read.success) return read.data;
  const isMistake = exitCode === 2;
  throw new FoveaError({
    code: isMistake ? "FOV0040" : "FOV0061",
    message: said,
    value: target,
    fix: isMistake
      ? "name a generated package, a kernel file, a declaration or a shipped network, with Triton kernels for some maps"
      : "see `fovea doctor`; a smaller --batch takes less memory",
  });
}

/** How many they are, in words. */
export function entriesText({ length }: TunedTable): string {
  return length === 1 ? "1 entry" : `${length} entries`;
}

/** One line for each case, then what failed. */
export function tuningText({ cases, failures }: TuneDocument): string {
  return [...cases.map(caseText), ...failures.map((failure) => `FAILED: ${failure}`)].join("\n");
}

function caseText(found: TunedCase): string {
  const { kernel, dtype, map, batch, candidates, dropped } = found;
  const times = `${found.default.toFixed(4)} -> ${found.tuned.toFixed(4)} ms`;
  const reasons = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
  const left = reasons.length === 0 ? "" : `, dropped: ${reasons.join(", ")}`;
  return `${kernel} ${dtype} ${map.join("x")} batch ${batch}: ${times}, ${candidates} candidates${left}`;
}

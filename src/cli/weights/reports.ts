import { z } from "zod";
import { grouped } from "../../report/quantity.js";

const Common = z.object({
  network: z.string(),
  format: z.string(),
  from: z.string(),
  out: z.string(),
  /** Where the weights are in a `.pth`; `null` for a bare state dict. */
  entry: z.string().nullable(),
  /** Whether they are a moving average. */
  average: z.boolean(),
  classes: z.int(),
  tensors: z.int(),
  /** Trainable ones. */
  parameters: z.int(),
  notes: z.array(z.string()),
});

/** What Python reports of an import. */
export const ImportReport = Common.extend({
  classifier: z.enum(["imported", "fresh"]),
  /** What a fresh classifier was drawn with. */
  seed: z.int().nullable(),
  /** What the file holds and the network does not take. */
  left_out: z.array(z.string()),
  /** Keys that the file lacks, and that are 0. */
  filled: z.array(z.string()),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** What Python reports of an export. */
export const ExportReport = Common;
export type ExportReport = z.infer<typeof ExportReport>;

/** What Python reports of a file whose network was not named. */
export const Recognition = z.object({ network: z.string() });

/** An import, a line of figures and a line for each thing that is worth knowing. */
export function importText(report: ImportReport): string {
  const { classifier, classes, seed, left_out, filled, notes } = report;
  const lines = [...notes];
  if (classifier === "fresh") {
    lines.push(`the classifier is fresh: ${classes} classes, drawn with seed ${seed}`);
  }
  if (left_out.length > 0) lines.push(`left out: ${left_out.join(", ")}`);
  if (filled.length > 0) lines.push(`set to 0, as the file has none: ${filled.join(", ")}`);
  return [headline(report), ...lines.map((line) => `  ${line}`)].join("\n");
}

/** An export in the same form. */
export function exportText(report: ExportReport): string {
  return [headline(report), ...report.notes.map((line) => `  ${line}`)].join("\n");
}

function headline({ network, tensors, parameters, format, out }: ExportReport): string {
  return `${network}: ${tensors} tensors, ${grouped(parameters)} parameters (${format}) in ${out}`;
}

import { z } from "zod";
import { grouped, percent } from "../../report/quantity.js";
import { type Column, plainTable } from "../../report/table.js";

const Sides = z.tuple([z.int(), z.int()]);

/** What Python reports of a resize; cells are zones of a channel's kernel. */
export const ResizeReport = z.object({
  network: z.string(),
  to: z.string(),
  from: z.string(),
  out: z.string(),
  entry: z.string().nullable(),
  average: z.boolean(),
  classes: z.int(),
  tensors: z.int(),
  parameters: z.int(),
  notes: z.array(z.string()),
  layers: z.array(
    z.object({
      layer: z.string(),
      from: Sides,
      kernel: Sides,
      /** With the value of one old cell. */
      copied: z.int(),
      /** With the mean of several. */
      averaged: z.int(),
      /** At zero: beyond the old kernel. */
      added: z.int(),
      /** Of those copied or averaged, those that reach beyond the old kernel. */
      grown: z.int(),
      /** Old cells that the new kernel lacks. */
      dropped: z.int(),
      /** Relative Frobenius norm of the difference of the expanded kernels. */
      change: z.number(),
    }),
  ),
});
export type ResizeReport = z.infer<typeof ResizeReport>;

const COLUMNS: readonly Column[] = [
  ["layer", "left"],
  ["kernel", "left"],
  ["copied", "right"],
  ["averaged", "right"],
  ["added", "right"],
  ["grown", "right"],
  ["dropped", "right"],
  ["change", "right"],
];

/** A line of figures, and a table with a line a kernel. */
export function resizeText(report: ResizeReport): string {
  const { network, to, tensors, parameters, out, notes, layers } = report;
  const rows = layers.map((layer) => [
    layer.layer,
    `${layer.from.join("×")} → ${layer.kernel.join("×")}`,
    ...[layer.copied, layer.averaged, layer.added, layer.grown, layer.dropped].map(String),
    percent(layer.change),
  ]);
  return [
    `${network} → ${to}: ${tensors} tensors, ${grouped(parameters)} parameters in ${out}`,
    ...notes.map((line) => `  ${line}`),
    "",
    plainTable(COLUMNS, rows),
  ].join("\n");
}

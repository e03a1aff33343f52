import { z } from "zod";
import { percent } from "../../report/quantity.js";
import { type Column, plainTable } from "../../report/table.js";
import { ImportReport, importText } from "./reports.js";

const Sides = z.tuple([z.int(), z.int()]);

/** What Python reports of a projection: an import, and what each kernel lost. */
export const ProjectReport = ImportReport.extend({
  layers: z.array(
    z.object({
      layer: z.string(),
      /** Sides of the parallel kernels that became one. */
      from: z.array(Sides),
      kernel: Sides,
      /** Of the grid that the kernel is on. */
      cells: Sides,
      /** Channels that are convolved. */
      channels: z.int(),
      /** Channels that were convolved and pass now. */
      dropped: z.int(),
      /** Relative Frobenius norm of what is lost of the channels that are convolved. */
      error: z.number(),
      /** The part of it that lies outside the new kernel. */
      cropped: z.number(),
    }),
  ),
});
export type ProjectReport = z.infer<typeof ProjectReport>;

const COLUMNS: readonly Column[] = [
  ["layer", "left"],
  ["kernel", "left"],
  ["cells", "right"],
  ["channels", "right"],
  ["error", "right"],
  ["cropped", "right"],
];

/** An import's lines, and a table with a line a kernel. */
export function projectText(report: ProjectReport): string {
  const rows = report.layers.map(({ layer, from, kernel, cells, channels, dropped, ...lost }) => [
    layer,
    `${from.map((sides) => sides.join("×")).join(" + ")} → ${kernel.join("×")}`,
    cells.join("×"),
    dropped === 0 ? `${channels}` : `${channels} of ${channels + dropped}`,
    percent(lost.error),
    percent(lost.cropped),
  ]);
  return [importText(report), "", plainTable(COLUMNS, rows)].join("\n");
}

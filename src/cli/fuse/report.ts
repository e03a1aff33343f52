import { z } from "zod";
import { grouped, inUnits } from "../../report/quantity.js";

const Sides = z.tuple([z.int(), z.int()]);

/** What Python reports of a fusion. */
export const FuseReport = z.object({
  network: z.string(),
  from: z.string(),
  /** `null` where nothing was written. */
  out: z.string().nullable(),
  entry: z.string().nullable(),
  average: z.boolean(),
  classes: z.int(),
  tensors: z.int(),
  params: z.object({ before: z.int(), after: z.int() }),
  /** Multiply-adds of one image, `[height, width]` in pixels, every tap computed. */
  macs: z.object({ size: Sides, before: z.int(), after: z.int() }),
  /** Largest relative error that counts as the same. */
  limit: z.number(),
  passed: z.boolean(),
  /** Largest relative error of float32 outputs at each size; `null` where they are not finite. */
  sizes: z.array(z.object({ size: Sides, images: z.int(), error: z.number().nullable() })),
  /** The same in float64, where the check failed: a wrong merge shows there, coarse numbers do not. */
  exact: z.number().nullable(),
  /** Layers whose kernels shared their weights and do no more. */
  dense: z.array(z.object({ layer: z.string(), kernel: Sides })),
  notes: z.array(z.string()),
});
export type FuseReport = z.infer<typeof FuseReport>;

/** The figures before and after, the check, and how the file is loaded. */
export function fuseText(report: FuseReport): string {
  const { network, params, macs, out, classes, tensors, dense, notes, passed } = report;
  const head = passed
    ? `${network}: fused, ${tensors} tensors in ${out}`
    : `${network}: the fused network computes something else; nothing is written`;
  const lines = [
    ...notes,
    `parameters  ${grouped(params.before)} → ${grouped(params.after)}`,
    `MACs        ${inUnits(macs.before)} → ${inUnits(macs.after)} at ${macs.size.join("×")}`,
    ...report.sizes.map(
      ({ size, images, error }) =>
        `outputs     ${words(error)} apart on ${images} images of ${size.join("×")}` +
        ` (limit ${words(report.limit)})`,
    ),
    ...dense.map(({ layer, kernel }) => `dense       ${layer}, ${kernel.join("×")} weights now`),
  ];
  if (passed) lines.push(`load with   create_model(num_classes=${classes}).fuse()`);
  else lines.push(verdict(report));
  return [head, ...lines.map((line) => `  ${line}`)].join("\n");
}

function verdict({ exact, limit }: FuseReport): string {
  return exact !== null && exact < limit
    ? `in float64 they are ${words(exact)} apart: the merge is right, and float32 too coarse for these weights`
    : `in float64 they are ${words(exact)} apart: the merge is wrong, please report it`;
}

function words(error: number | null): string {
  return error === null ? "infinitely far" : error === 0 ? "0" : error.toExponential(1);
}

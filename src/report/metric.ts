import { metricFigure } from "./figures.js";

/** Shares of images, pixels or boxes: percentages, 0 to 100, as papers print them (contract, line 23). */
const SHARES =
  /^(?:top\d+|[mfp]?iou|m?acc(?:uracy)?|pixel_acc|(?:box_|mask_)?ap(?:\d+|_[a-z]+)?)$/i;
const LOSSES = /(?:^|_)(?:loss|error|perplexity)$/i;

/** Whether a metric is a percentage. */
export function isShare(name: string): boolean {
  return SHARES.test(name);
}

/** Which way a metric is better; `null` of one that fovea does not know. */
export function betterOf(name: string): "higher" | "lower" | null {
  if (isShare(name)) return "higher";
  return LOSSES.test(name) ? "lower" : null;
}

/** A metric's name over a column or beside an axis, with its unit where it has one. */
export function metricHead(name: string): string {
  return isShare(name) ? `${name} (%)` : name;
}

/** A measured value by its name, with a percent sign where it is a share. */
export function metricWithUnit(name: string, value: number | null | undefined): string {
  const said = metricFigure(value);
  return isShare(name) && typeof value === "number" ? `${said}%` : said;
}

/** Names of all metrics, in the order of their first appearance. */
export function metricNames(
  rows: readonly { readonly metrics: Readonly<Record<string, number | null>> }[],
): readonly string[] {
  return [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
}

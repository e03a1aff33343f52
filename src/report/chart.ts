import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { seriesColor } from "./components/colors.js";
import type { Curve, Point } from "./curve.js";

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly curve: Curve;
  /** Drawn with its points: there are few of them. */
  readonly points?: boolean;
}

/**
 * Curves over steps as one inline SVG.
 *
 * @param label - what is measured, with its unit
 */
export function chart(label: string, series: readonly Series[]): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const drawn = series.map(({ curve, points }, index) => ({
    data: [...curve.points()],
    points: points === true,
    stroke: seriesColor(index),
  }));
  const at = { x: (point: Point) => point.x, y: (point: Point) => point.y };
  const svg = Plot.plot({
    document,
    width: 640,
    height: 260,
    marginLeft: 56,
    x: { label: "step", nice: true },
    y: { label, nice: true, grid: true },
    marks: drawn.flatMap(({ data, points, stroke }) => [
      Plot.lineY(data, { ...at, stroke, strokeWidth: 1.6 }),
      ...(points ? [Plot.dot(data, { ...at, fill: stroke, r: 2.5 })] : []),
    ]),
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${label} over steps`);
  return svg.outerHTML;
}

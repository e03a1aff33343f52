import * as Plot from "@observablehq/plot";
import { seriesColor } from "../components/colors.js";
import type { Curve, Point } from "../curve.js";
import { plotSvg, stepAxis } from "./plot.js";

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly curve: Curve;
  /** Drawn with its points: there are few of them. */
  readonly points?: boolean;
}

/** Points of one line where a page has one chart; a page of many has fewer. */
const MOST_POINTS = 1000;

/**
 * Curves over steps as one inline SVG.
 *
 * @param label - what is measured, with its unit
 * @param most - points of a line
 */
export function curvesChart(
  label: string,
  series: readonly Series[],
  most: number = MOST_POINTS,
): string {
  const drawn = series.map(({ curve, points }, index) => ({
    data: [...curve.points(most)],
    // A line of one point would not be seen.
    points: points === true || curve.length === 1,
    stroke: seriesColor(index),
  }));
  const at = { x: (point: Point) => point.x, y: (point: Point) => point.y };
  return plotSvg(`${label} over steps`, {
    x: stepAxis(drawn.flatMap(({ data }) => data.map(({ x }) => x))),
    y: { label, nice: true, grid: true },
    marks: drawn.flatMap(({ data, points, stroke }) => [
      Plot.lineY(data, { ...at, stroke, strokeWidth: 1.6 }),
      ...(points ? [Plot.dot(data, { ...at, fill: stroke, r: 2.5 })] : []),
    ]),
  });
}

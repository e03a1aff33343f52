import * as Plot from "@observablehq/plot";
import { seriesColor } from "../components/colors.js";
import type { MeanPoint } from "./mean-curve.js";
import { plotSvg, stepAxis } from "./plot.js";

/** One line of means with its band. */
export interface MeanSeries {
  readonly name: string;
  readonly points: readonly MeanPoint[];
}

/** A line with more points has no dots. */
const MOST_DOTS = 40;

/** Means over steps; the bands are one sample standard deviation to each side. */
export function meansChart(label: string, series: readonly MeanSeries[]): string {
  return plotSvg(`${label} over steps, means over seeds`, {
    x: stepAxis(series.flatMap(({ points }) => points.map(({ x }) => x))),
    y: { label, nice: true, grid: true },
    marks: series.flatMap(({ points }, index) => {
      const color = seriesColor(index);
      const data = [...points];
      const at = { x: (point: MeanPoint) => point.x, y: (point: MeanPoint) => point.mean };
      return [
        ...(data.some(({ std }) => std > 0)
          ? [
              Plot.areaY(data, {
                x: at.x,
                y1: ({ mean, std }: MeanPoint) => mean - std,
                y2: ({ mean, std }: MeanPoint) => mean + std,
                fill: color,
                fillOpacity: 0.16,
              }),
            ]
          : []),
        Plot.lineY(data, { ...at, stroke: color, strokeWidth: 1.6 }),
        ...(data.length <= MOST_DOTS ? [Plot.dot(data, { ...at, fill: color, r: 2.5 })] : []),
      ];
    }),
  });
}

import * as Plot from "@observablehq/plot";
import { seriesColor } from "../components/colors.js";
import { paretoFront, type Scored } from "./pareto-front.js";
import { plotSvg } from "./plot.js";

/** One configuration of a Pareto plot. */
export interface ParetoPoint extends Scored {
  readonly name: string;
  /** Sample standard deviations; `null` where there is none. */
  readonly costStd: number | null;
  readonly scoreStd: number | null;
  /** Number of its colour. */
  readonly color: number;
}

/** From this ratio on, costs are on a logarithmic axis. */
const LOGARITHMIC = 8;
/** More points than these are named on the front only. */
const MOST_NAMED = 12;

/**
 * Scores against costs: error bars of one sample standard deviation, and the front of those that
 * nothing beats in both.
 *
 * @param cost - the axis's label, with its unit
 */
export function paretoChart(
  cost: string,
  score: string,
  points: readonly ParetoPoint[],
  better: "higher" | "lower",
): string {
  const front = [...paretoFront(points, better)];
  const costs = points.map((point) => point.cost);
  const log = Math.min(...costs) > 0 && Math.max(...costs) / Math.min(...costs) >= LOGARITHMIC;
  const data = [...points];
  const named = data.length <= MOST_NAMED ? data : front;
  const color = (point: ParetoPoint): string => seriesColor(point.color);
  const at = { x: (point: ParetoPoint) => point.cost, y: (point: ParetoPoint) => point.score };
  const title = (point: ParetoPoint): string => point.name;
  return plotSvg(`${score} against ${cost}`, {
    marginRight: 60,
    x: {
      label: cost,
      nice: !log,
      ...(log ? { type: "log" as const, ticks: 5, tickFormat: "~g" } : {}),
    },
    y: { label: score, nice: true, grid: true },
    marks: [
      Plot.line(front, {
        ...at,
        stroke: "var(--soft)",
        strokeDasharray: "4,3",
        curve: "step-after",
      }),
      Plot.ruleX(
        data.filter(({ scoreStd }) => scoreStd !== null),
        {
          x: at.x,
          y1: ({ score: mean, scoreStd }: ParetoPoint) => mean - (scoreStd ?? 0),
          y2: ({ score: mean, scoreStd }: ParetoPoint) => mean + (scoreStd ?? 0),
          stroke: color,
          strokeWidth: 1.2,
        },
      ),
      Plot.ruleY(
        data.filter(({ costStd }) => costStd !== null),
        {
          y: at.y,
          x1: ({ cost: mean, costStd }: ParetoPoint) => mean - (costStd ?? 0),
          x2: ({ cost: mean, costStd }: ParetoPoint) => mean + (costStd ?? 0),
          stroke: color,
          strokeWidth: 1.2,
        },
      ),
      Plot.dot(data, { ...at, fill: color, r: 4, title }),
      Plot.text(named, {
        ...at,
        text: title,
        dx: 7,
        dy: -7,
        textAnchor: "start",
        fill: "var(--ink)",
        stroke: "var(--page)",
        strokeWidth: 3,
      }),
    ],
  });
}

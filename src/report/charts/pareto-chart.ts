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
  const sides = nameSides(named);
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
      ...[-7, 13].map((dy, side) =>
        Plot.text(
          named.filter((_, index) => sides[index] === side),
          {
            ...at,
            text: title,
            dx: 7,
            dy,
            textAnchor: "start",
            fill: "var(--ink)",
            stroke: "var(--page)",
            strokeWidth: 3,
          },
        ),
      ),
    ],
  });
}

/** About how much room a name takes, as shares of the drawing's width and height. */
const NAME = { width: 0.14, height: 0.06 };

/**
 * On which side of its point a name is written: 0 above, 1 below where another one stands there
 * already, `null` nowhere where both sides are taken. Its point tells the name when pointed at.
 */
function nameSides(points: readonly ParetoPoint[]): readonly (0 | 1 | null)[] {
  const share = (of: (point: ParetoPoint) => number): ((point: ParetoPoint) => number) => {
    const values = points.map(of);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (point) => (of(point) - low) / (high - low || 1);
  };
  const [x, y] = [share((point) => point.cost), share((point) => point.score)];
  const taken: (readonly [x: number, y: number])[] = [];
  return points.map((point) => {
    const places = [y(point) + NAME.height / 2, y(point) - NAME.height / 2] as const;
    const side = places.findIndex((place) =>
      taken.every(
        ([otherX, otherY]) =>
          Math.abs(otherX - x(point)) > NAME.width || Math.abs(otherY - place) > NAME.height,
      ),
    );
    if (side === -1) return null;
    taken.push([x(point), places[side as 0 | 1]]);
    return side as 0 | 1;
  });
}

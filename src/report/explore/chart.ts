import * as Plot from "@observablehq/plot";
import type { Exploration, ExploredSize, ExploredStage } from "../../ir/exploration.js";
import { plotSvg, standaloneSheet } from "../charts/plot.js";
import { seriesColor } from "../components/colors.js";
import { centreName, centresOf, trainingTime } from "./values.js";

/** A size in a plot. */
interface Point {
  readonly side: number;
  readonly value: number;
  readonly series: number;
  readonly pareto: boolean;
  readonly declared: boolean;
}

/**
 * Time with gradients, and parameters, over the kernel's side: a row of two plots a stage, a colour
 * a centre. Filled points are in the Pareto set, and a ring is what the network declares.
 */
export function explorationSvg(exploration: Exploration): string {
  const stages = exploration.stages.filter(({ sizes }) => sizes.length > 0);
  const centres = centresOf({ sizes: stages.flatMap(({ sizes }) => sizes) });
  const how = exploration.measuredOn === null ? "predicted" : "measured";
  const rows = stages.map((stage) => {
    const draw = (label: string, of: (size: ExploredSize) => number | null): string =>
      chart(`stage ${stage.stage}: ${label}`, pointsOf(stage, centres, of));
    return [
      draw(`time with gradients, ${how}, µs`, trainingTime),
      draw("parameters of the network, millions", ({ params }) => params.dense / 1e6),
    ];
  });
  return standaloneSheet(rows, centres.map(centreName));
}

function pointsOf(
  { sizes }: ExploredStage,
  centres: readonly (number | null)[],
  of: (size: ExploredSize) => number | null,
): readonly Point[] {
  return sizes.flatMap((size) => {
    const value = of(size);
    if (value === null) return [];
    const { pareto, declared, centre, kernel } = size;
    const side = Math.max(...kernel);
    return [{ side, value, series: centres.indexOf(centre), pareto, declared }];
  });
}

function chart(label: string, points: readonly Point[]): string {
  const at = { x: (point: Point) => point.side, y: (point: Point) => point.value };
  const color = (point: Point): string => seriesColor(point.series);
  return plotSvg(`${label} over the kernel's side`, {
    x: { label: "kernel side, taps", nice: true },
    y: { label, nice: true, grid: true },
    marks: [
      Plot.line(points, {
        ...at,
        z: (point: Point) => point.series,
        stroke: color,
        strokeOpacity: 0.5,
      }),
      Plot.dot(points, {
        ...at,
        r: 3,
        stroke: color,
        fill: (point: Point) => (point.pareto ? color(point) : "var(--page)"),
      }),
      Plot.dot(
        points.filter(({ declared }) => declared),
        { ...at, r: 7, stroke: "var(--ink)" },
      ),
    ],
  });
}

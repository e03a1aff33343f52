import { meanCurve } from "../charts/mean-curve.js";
import { meansChart } from "../charts/means-chart.js";
import { type ParetoPoint, paretoChart } from "../charts/pareto-chart.js";
import type { ReportedRun } from "../collect-run.js";
import { SERIES } from "../components/colors.js";
import type { SweepRow } from "../components/view.js";
import type { ReportedSweep } from "../content.js";
import type { Curve } from "../curve.js";
import { betterOf, isShare, metricHead } from "../metric.js";
import { completedRuns } from "./sweep-rows.js";

/** A figure of a sweep: in the page, and a file of its own. */
export interface SweepFigure {
  /** Of the file, without its ending; told apart within the sweep. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
  /** Names of its series in the order of their colours. */
  readonly legend: readonly string[];
  readonly caption: string;
}

/** What a row of the table is called in a figure. */
function rowName({ axes }: SweepRow): string {
  return axes.join(" · ") || "all";
}

/** The metric that a comparison is about: the first share, else the first that has a better side. */
export function mainMetric(metrics: readonly string[]): string | null {
  return metrics.find(isShare) ?? metrics.find((name) => betterOf(name) !== null) ?? null;
}

/** Pareto plots and mean curves. Empty where no run of the sweep has measured anything. */
export function sweepFigures(
  sweep: ReportedSweep,
  runs: ReadonlyMap<string, ReportedRun>,
): readonly SweepFigure[] {
  const metric = mainMetric(sweep.view.metrics);
  return [
    ...(metric === null ? [] : paretoFigures(sweep, metric)),
    ...curveFigures(sweep, runs, metric),
  ];
}

interface Cost {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly unit: number;
  readonly of: (row: SweepRow) => number | null;
  readonly std?: (row: SweepRow) => number | null;
}

const COSTS: readonly Cost[] = [
  {
    name: "parameters",
    title: "parameters",
    label: "parameters (M)",
    unit: 1e6,
    of: ({ costs }) => costs.nonzero,
  },
  {
    name: "macs",
    title: "multiply-adds of one image",
    label: "MACs of one image (G)",
    unit: 1e9,
    of: ({ costs }) => costs.nonzeroMacs,
  },
  {
    name: "time",
    title: "training time",
    label: "training time (min)",
    unit: 60,
    of: ({ seconds }) => seconds?.mean ?? null,
    std: ({ seconds }) => seconds?.std ?? null,
  },
];

function paretoFigures({ view }: ReportedSweep, metric: string): readonly SweepFigure[] {
  const better = betterOf(metric);
  if (better === null) return [];
  const colored = colorsOf(view.rows);
  return COSTS.flatMap((cost): SweepFigure[] => {
    const points = view.rows.flatMap((row): ParetoPoint[] => {
      const [spent, score] = [cost.of(row), row.metrics[metric]];
      if (spent === null || score === undefined) return [];
      const std = cost.std?.(row) ?? null;
      return [
        {
          name: colored.nameOf(row),
          cost: spent / cost.unit,
          costStd: std === null ? null : std / cost.unit,
          score: score.mean,
          scoreStd: score.std,
          color: colored.colorOf(row),
        },
      ];
    });
    // Where nothing is traded for anything there is no front.
    if (new Set(points.map((point) => point.cost)).size < 2) return [];
    return [
      {
        name: `pareto-${cost.name}`,
        title: `${metric} against ${cost.title}`,
        svg: paretoChart(cost.label, metricHead(metric), points, better),
        legend: colored.legend,
        caption: `${metric} against ${cost.title}, means over seeds; bars are one sample standard deviation to each side. The dashed line is the front: nothing beats its points in both.`,
      },
    ];
  });
}

/** The first of several axes is told by colour where there are enough of them, the others by name. */
function colorsOf(rows: readonly SweepRow[]): {
  readonly legend: readonly string[];
  readonly colorOf: (row: SweepRow) => number;
  readonly nameOf: (row: SweepRow) => string;
} {
  const values = [...new Set(rows.map(({ axes }) => axes[0] ?? ""))];
  const several = rows.some(({ axes }) => axes.length > 1);
  if (!several || values.length > SERIES) return { legend: [], colorOf: () => 0, nameOf: rowName };
  return {
    legend: values,
    colorOf: ({ axes }) => values.indexOf(axes[0] ?? ""),
    nameOf: ({ axes }) => axes.slice(1).join(" · "),
  };
}

function curveFigures(
  { view, rows }: ReportedSweep,
  runs: ReadonlyMap<string, ReportedRun>,
  metric: string | null,
): readonly SweepFigure[] {
  const { chosen, said } = overlaid(view.rows, metric);
  const drawn = (
    name: string,
    label: string,
    curveOf: (run: ReportedRun) => Curve | undefined,
  ): SweepFigure[] => {
    const series = chosen.flatMap((index) => {
      const [row, points] = [view.rows[index], rows[index]];
      if (row === undefined || points === undefined) return [];
      const curves = completedRuns(points).flatMap(({ run }) => {
        const reported = runs.get(run);
        const curve = reported === undefined ? undefined : curveOf(reported);
        return curve === undefined || curve.length === 0 ? [] : [curve];
      });
      return curves.length === 0 ? [] : [{ name: rowName(row), points: meanCurve(curves) }];
    });
    if (series.length === 0) return [];
    return [
      {
        name: `curves-${name}`,
        title: `${label} over steps`,
        svg: meansChart(label, series),
        legend: series.map((each) => each.name),
        caption: `${label} over steps${said}, means over seeds; bands are one sample standard deviation to each side.`,
      },
    ];
  };
  return [
    ...drawn("loss", "training loss", ({ loss }) => loss),
    ...view.metrics
      .slice(0, 3)
      .flatMap((name) =>
        drawn(name, name === "loss" ? "held-out loss" : metricHead(name), ({ evals }) =>
          evals.get(name),
        ),
      ),
  ];
}

/** Which rows are drawn over each other: as many as there are colours, the best ones. */
function overlaid(
  rows: readonly SweepRow[],
  metric: string | null,
): { readonly chosen: readonly number[]; readonly said: string } {
  const all = rows.map((_, index) => index);
  if (rows.length <= SERIES) return { chosen: all, said: "" };
  const sign = metric !== null && betterOf(metric) === "lower" ? 1 : -1;
  const score = (index: number): number =>
    metric === null ? 0 : (rows[index]?.metrics[metric]?.mean ?? sign * Number.MAX_VALUE);
  const best = [...all].sort((a, b) => sign * (score(a) - score(b))).slice(0, SERIES);
  return {
    chosen: best.sort((a, b) => a - b),
    said: ` (of ${rows.length} rows those ${SERIES} with the best ${metric ?? "figures"})`,
  };
}

import { meanCurve } from "../charts/mean-curve.js";
import { meansChart } from "../charts/means-chart.js";
import type { ReportedRun } from "../collect-run.js";
import { SERIES } from "../components/colors.js";
import type { SweepRow } from "../components/view.js";
import type { ReportedSweep } from "../content.js";
import type { Curve } from "../curve.js";
import { betterOf, metricHead } from "../metric.js";
import { mainMetric, rowName, type SweepFigure } from "./sweep-figure.js";
import { completedRuns } from "./sweep-rows.js";

/** Means over seeds of the training loss and of every metric, a line a row of the table. */
export function curveFigures(
  sweep: ReportedSweep,
  runs: ReadonlyMap<string, ReportedRun>,
): readonly SweepFigure[] {
  const { view } = sweep;
  const { chosen, said } = overlaid(view.rows, mainMetric(view.metrics));
  const drawn = (
    name: string,
    label: string,
    curveOf: (run: ReportedRun) => Curve | undefined,
  ): readonly SweepFigure[] => {
    const series = chosen.flatMap((index) => {
      const [row, points] = [view.rows[index], sweep.rows[index]];
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
        caption: `${label} over steps${said}`,
      },
    ];
  };
  return [
    ...drawn("training-loss", "training loss", ({ loss }) => loss),
    ...view.metrics.flatMap((name) =>
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

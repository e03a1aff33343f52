import type { Sweep } from "../../ir/sweep.js";
import { spreadOf } from "../../runs/seed-groups.js";
import type { SweepRow, SweepView } from "../components/view.js";
import { betterOf, metricNames } from "../metric.js";
import { axisKey, distinctWords } from "../sweep/axis-words.js";
import { BEST_RULE, markBest } from "../sweep/best.js";
import type { CostCounter } from "../sweep/costs-of.js";
import { completedRuns, type PointRow } from "../sweep/sweep-rows.js";
import { shown } from "./shown.js";

/**
 * A sweep as a table of means. Only completed runs are in the means; all other points are told.
 *
 * @param trained - parameters that a run tells of; `null` where it never started
 */
export function sweepView(
  sweep: Sweep,
  rows: readonly PointRow[],
  costs: CostCounter,
  trained: (run: string) => number | null,
): SweepView {
  const words = sweep.axes.map((_, axis) => distinctWords(rows.map(({ values }) => values[axis])));
  const metrics = metricNames(rows.flatMap(completedRuns));
  const columns = metrics.map((name) => {
    const spreads = rows.map((row) => spreadOf(completedRuns(row).map((run) => run.metrics[name])));
    return { name, spreads, best: markBest(spreads, betterOf(name)) };
  });
  return shown({
    name: sweep.name,
    axes: sweep.axes,
    metrics,
    rows: rows.map((row, index): SweepRow => {
      const marked = columns.flatMap(({ name, spreads, best }) => {
        const spread = spreads[index] ?? null;
        return spread === null ? [] : [[name, { ...spread, best: best[index] === true }] as const];
      });
      const ran = row.points.find(({ row: run }) => run !== null)?.row?.run;
      return {
        axes: row.values.map((value, axis) => words[axis]?.get(axisKey(value)) ?? ""),
        members: row.points.map(({ point: { seed, hash }, row: run }) => ({
          seed,
          hash,
          run: run?.run ?? null,
          status: run?.status ?? "missing",
          reason: run?.reason ?? null,
        })),
        metrics: Object.fromEntries(marked),
        costs: costs.of(row.points[0].point.experiment, ran === undefined ? null : trained(ran)),
        seconds: spreadOf(completedRuns(row).map(({ seconds }) => seconds)),
      };
    }),
    rule: BEST_RULE,
  });
}

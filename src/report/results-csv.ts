import type { ReportedRun } from "./collect-run.js";
import { csv } from "./csv.js";
import { metricNames } from "./metric.js";

/** One row a run, its metrics as they were written: full precision, shares as percentages. */
export function resultsCsv(runs: readonly ReportedRun[]): string {
  const metrics = metricNames(runs.map(({ row }) => row));
  const head = [
    "run",
    "experiment",
    "network",
    "hash",
    "seed",
    "status",
    "device",
    "step",
    "seconds",
  ];
  const rows = runs.map(({ row, start }) => [
    row.run,
    row.name,
    row.network,
    row.hash,
    row.seed,
    row.status,
    start?.device ?? "",
    row.step,
    row.seconds,
    ...metrics.map((name) => row.metrics[name] ?? ""),
  ]);
  return csv([[...head, ...metrics], ...rows]);
}

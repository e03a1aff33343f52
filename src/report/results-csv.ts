import type { ReportedRun } from "./collect-run.js";
import { metricNames } from "./run-table.js";

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
  return [[...head, ...metrics], ...rows]
    .map((cells) => `${cells.map((cell) => csvCell(String(cell))).join(",")}\r\n`)
    .join("");
}

/** RFC 4180. What a spreadsheet would take for a formula is made text. */
function csvCell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

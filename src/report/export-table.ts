import type { IndexedRun } from "../runs/run-index.js";
import type { RunRow } from "../runs/run-row.js";
import { metricNames } from "./metric.js";

/** A column of what is exported: the name in its head, and a value a run. */
export interface ExportColumn {
  readonly name: string;
  /** `null` where a run has none. Lists are as they are written in a declaration. */
  readonly values: readonly unknown[];
}

const COLUMNS: readonly Exclude<keyof RunRow, "metrics">[] = [
  "run",
  "status",
  "reason",
  "name",
  "network",
  "hash",
  "unseeded",
  "replayOf",
  "seed",
  "step",
  "started",
  "updated",
  "seconds",
  "launcher",
  "host",
  "device",
  "processes",
  "dir",
];

/**
 * Runs as a table of one row each: how they stand, then their metrics (`metrics.top1`), their
 * settings by dotted path and where they come from (`versions.torch`, `git.commit`, …). What no run
 * has is no column.
 */
export function exportTable(runs: readonly IndexedRun[]): readonly ExportColumn[] {
  const rows = runs.map(({ row }) => row);
  const settings = new Map<string, unknown[]>();
  for (const [at, { shape, settings: text }] of runs.entries()) {
    const values = JSON.parse(text) as readonly unknown[];
    for (const [place, path] of shape.paths.entries()) {
      if ((COLUMNS as readonly string[]).includes(path)) continue;
      const column = settings.get(path) ?? new Array<unknown>(runs.length).fill(null);
      settings.set(path, column);
      column[at] = values[place];
    }
  }
  return [
    ...COLUMNS.map((name) => ({ name, values: rows.map((row) => row[name]) })),
    ...metricNames(rows).map((name) => ({
      name: `metrics.${name}`,
      values: rows.map(({ metrics }) => metrics[name] ?? null),
    })),
    ...[...settings].map(([name, values]) => ({ name, values })),
  ];
}

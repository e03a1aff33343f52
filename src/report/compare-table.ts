import type { ComparedRun } from "../runs/compare-runs.js";
import { metricFigure } from "./figures.js";
import { metricNames } from "./metric.js";
import { type Column, plainTable } from "./table.js";

/** Runs side by side for the terminal, a column each: what tells them apart, then what they measured. */
export function compareTable(runs: readonly ComparedRun[]): string {
  const paths = Object.keys(runs[0]?.differs ?? {});
  const columns: readonly Column[] = [
    ["", "left"],
    ...runs.map(({ run }): Column => [run, "right"]),
  ];
  return plainTable(columns, [
    ["status", ...runs.map(({ status }) => status)],
    ...paths.map((path) => [path, ...runs.map(({ differs }) => JSON.stringify(differs[path]))]),
    ...metricNames(runs).map((name) => [
      name,
      ...runs.map(({ metrics }) => metricFigure(metrics[name])),
    ]),
  ]);
}

import { printable } from "../ir/printable.js";
import type { ComparedRun } from "../runs/compare-runs.js";
import type { Settings } from "../runs/settings.js";
import { metricFigure } from "./figures.js";
import { metricHead, metricNames } from "./metric.js";
import { type Column, plainTable } from "./table.js";

/** Digits of a hash that tell two apart. */
const DIGITS = 12;

/**
 * Runs side by side for the terminal, a column each: what tells their settings, their code and
 * their circumstances apart, then what they measured and how far it is from the first.
 */
export function compareTable(runs: readonly ComparedRun[]): string {
  const columns: readonly Column[] = [
    ["", "left"],
    ...runs.map(({ run }): Column => [run, "right"]),
  ];
  return plainTable(columns, [
    ["status", ...runs.map(({ status }) => status)],
    ...settingRows(runs, ({ differs }) => differs),
    ...settingRows(runs, ({ code }) => code),
    ...settingRows(runs, ({ circumstances }) => circumstances),
    ...metricNames(runs).map((name) => [
      metricHead(name),
      ...runs.map(({ metrics, change }) => measured(metrics[name], change[name])),
    ]),
  ]);
}

function settingRows(
  runs: readonly ComparedRun[],
  of: (run: ComparedRun) => Settings,
): readonly (readonly string[])[] {
  const [first] = runs;
  const paths = first === undefined ? [] : Object.keys(of(first));
  return paths.map((path) => [path, ...runs.map((run) => written(of(run)[path]))]);
}

function written(value: unknown): string {
  if (typeof value === "string" && /^[0-9a-f]{40,}$/.test(value)) return value.slice(0, DIGITS);
  return printable(JSON.stringify(value));
}

function measured(value: number | null | undefined, change: number | undefined): string {
  const said = metricFigure(value);
  if (change === undefined) return said;
  if (change === 0) return `${said} (=)`;
  return `${said} (${change < 0 ? "−" : "+"}${metricFigure(Math.abs(change))})`;
}

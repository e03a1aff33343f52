import type { JSX } from "preact";
import { duration, figure, metricFigure } from "../figures.js";
import { metricHead, metricNames } from "../metric.js";
import type { Column } from "../table.js";
import { DataTable } from "./data-table.js";
import { Status } from "./status.js";
import type { RunLine } from "./view.js";

interface Props {
  readonly runs: readonly RunLine[];
  /** Where a run's name leads. */
  readonly href: (run: string) => string;
  /** Dotted paths of the settings that tell the runs apart. */
  readonly settings?: readonly string[];
  /** A run's own value of such a setting, in words. */
  readonly setting?: (run: string, path: string) => string;
}

/** Runs, a row each: how they stand, what they measured, what tells them apart. */
export function RunTable({ runs, href, settings = [], setting }: Props): JSX.Element {
  const metrics = metricNames(runs);
  const columns: readonly Column[] = [
    ["run", "left"],
    ["status", "left"],
    ...metrics.map((name): Column => [metricHead(name), "right"]),
    ["steps", "right"],
    ["time", "right"],
    ...settings.map((path): Column => [path, "right"]),
  ];
  const rows = runs.map((line) => ({
    key: line.run,
    cells: [
      <a key="run" href={href(line.run)}>
        {line.run}
      </a>,
      <Status key="status" status={line.status} />,
      ...metrics.map((name) => metricFigure(line.metrics[name])),
      figure(line.step),
      duration(line.seconds),
      ...settings.map((path) => setting?.(line.run, path) ?? ""),
    ],
  }));
  return <DataTable columns={columns} rows={rows} />;
}

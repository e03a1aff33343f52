import type { RunRow } from "../runs/run-row.js";
import type { SeedGroup } from "../runs/seed-groups.js";
import { spreadText } from "./column-text.js";
import { duration } from "./figures.js";
import { metricHead, metricNames } from "./metric.js";
import { type Column, plainTable } from "./table.js";

/** Groups of runs for the terminal, one row each: means and sample standard deviations over seeds. */
export function groupTable(groups: readonly SeedGroup<RunRow>[]): string {
  const metrics = metricNames(groups.flatMap(({ runs }) => runs));
  const columns: readonly Column[] = [
    ["name", "left"],
    ["network", "left"],
    ["hash", "left"],
    ["runs", "right"],
    ...metrics.map((name): Column => [metricHead(name), "right"]),
    ["time", "right"],
  ];
  const cells = groups.map(({ unseeded, runs, metrics: spreads }) => [
    runs[0]?.name ?? "",
    runs[0]?.network ?? "",
    unseeded.slice(0, 8),
    String(runs.length),
    ...metrics.map((name) => {
      const spread = spreads[name];
      return spread === undefined ? "–" : spreadText(spread, runs.length);
    }),
    duration(runs.reduce((total, { seconds }) => total + seconds, 0) / runs.length),
  ]);
  return plainTable(columns, cells);
}

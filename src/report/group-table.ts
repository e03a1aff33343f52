import type { RunRecord } from "../ir/run.js";
import type { RunRow } from "../runs/run-row.js";
import type { SeedGroup } from "../runs/seed-groups.js";
import { spreadText } from "./column-text.js";
import { duration } from "./figures.js";
import { metricHead, metricNames } from "./metric.js";
import { axisWords } from "./sweep/axis-words.js";
import { sweepOfRuns } from "./sweep/sweep-of-runs.js";
import { type Column, plainTable } from "./table.js";

/**
 * Groups of runs for the terminal, one row each: the settings that tell them apart, where those are
 * few, then means and sample standard deviations over seeds.
 *
 * @param records - of one run of each group
 */
export function groupTable(
  groups: readonly SeedGroup<RunRow>[],
  records: readonly RunRecord[],
): string {
  const { axes, points } = sweepOfRuns(records);
  const settings = axes.includes("experiment") ? [] : axes;
  const metrics = metricNames(groups.flatMap(({ runs }) => runs));
  const columns: readonly Column[] = [
    ["name", "left"],
    ["network", "left"],
    ["hash", "left"],
    ...settings.map((path): Column => [path, "left"]),
    ["runs", "right"],
    ...metrics.map((name): Column => [metricHead(name), "right"]),
    ["time", "right"],
  ];
  const cells = groups.map(({ unseeded, runs, metrics: spreads }, index) => [
    runs[0]?.name ?? "",
    runs[0]?.network ?? "",
    unseeded.slice(0, 8),
    ...settings.map((path) => axisWords(points[index]?.axes[path])),
    String(runs.length),
    ...metrics.map((name) => {
      const spread = spreads[name];
      return spread === undefined ? "–" : spreadText(spread, runs.length);
    }),
    duration(runs.reduce((total, { seconds }) => total + seconds, 0) / runs.length),
  ]);
  return plainTable(columns, cells);
}

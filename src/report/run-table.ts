import type { RunRow } from "../runs/run-row.js";
import { duration, figure, metricFigure } from "./figures.js";
import { metricHead, metricNames } from "./metric.js";
import { type Column, plainTable } from "./table.js";

/** Runs for the terminal, one row each: how they stand, what they measured, how long they took. */
export function runTable(rows: readonly RunRow[]): string {
  const metrics = metricNames(rows);
  const columns: readonly Column[] = [
    ["run", "left"],
    ["status", "left"],
    ["step", "right"],
    ...metrics.map((name): Column => [metricHead(name), "right"]),
    ["time", "right"],
  ];
  const cells = rows.map((row) => [
    row.run,
    row.replayOf === null ? row.status : `${row.status}, a replay`,
    figure(row.step),
    ...metrics.map((name) => metricFigure(row.metrics[name])),
    duration(row.seconds),
  ]);
  return plainTable(columns, cells);
}

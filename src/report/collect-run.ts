import type { Event } from "../ir/event.js";
import type { RunRecord } from "../ir/run.js";
import { runRecord } from "../runs/records.js";
import type { RunRow } from "../runs/run-row.js";
import { scanEvents } from "../runs/scan-events.js";
import type { Curve } from "./curve.js";
import { RunCollector } from "./run-collector.js";

/** All that a report says of one run. */
export interface ReportedRun {
  readonly row: RunRow;
  readonly record: RunRecord;
  /** Training loss and learning rate by step. */
  readonly loss: Curve;
  readonly lr: Curve;
  /** Metrics of the evaluations by name, by step. */
  readonly evals: ReadonlyMap<string, Curve>;
  /** Density and churn of the masks by step, percent; empty where nothing is sparse. */
  readonly density: Curve;
  readonly churn: Curve;
  /** The last `run_start` and `kernel_methods`. */
  readonly start: Extract<Event, { type: "run_start" }> | null;
  readonly methods: Extract<Event, { type: "kernel_methods" }>["layers"];
  readonly warnings: readonly string[];
}

/**
 * Reads a run for a report.
 *
 * @throws FoveaError FOV0070 where its `run.json` cannot be read
 */
export function collectRun(row: RunRow): ReportedRun {
  const collector = new RunCollector();
  scanEvents(row.dir, collector);
  return reportedRun(row, runRecord(row.dir, row.run), collector);
}

/** What a collector has found, with what the run is. */
export function reportedRun(row: RunRow, record: RunRecord, found: RunCollector): ReportedRun {
  const { loss, lr, evals, density, churn, start, methods, warnings } = found;
  return { row, record, loss, lr, evals, density, churn, start, methods, warnings };
}

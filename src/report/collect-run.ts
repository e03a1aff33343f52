import type { Event } from "../ir/event.js";
import type { RunRecord } from "../ir/run.js";
import { findRun } from "../runs/find-run.js";
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
  /** The last `run_start` and `kernel_methods`. */
  readonly start: Extract<Event, { type: "run_start" }> | null;
  readonly methods: Extract<Event, { type: "kernel_methods" }>["layers"];
  readonly warnings: readonly string[];
}

/**
 * Reads a run for a report.
 *
 * @throws FoveaError FOV0070 for an unknown id
 */
export function collectRun(home: string, id: string): ReportedRun {
  const row = findRun(home, id);
  const collector = new RunCollector();
  scanEvents(row.dir, collector);
  const { loss, lr, evals, start, methods, warnings } = collector;
  return { row, record: runRecord(row.dir, id), loss, lr, evals, start, methods, warnings };
}

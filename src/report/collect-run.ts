import type { Event } from "../ir/event.js";
import type { RunRecord } from "../ir/run.js";
import { findRun } from "../runs/find-run.js";
import { runRecord } from "../runs/records.js";
import type { RunRow } from "../runs/run-row.js";
import { scanEvents } from "../runs/scan-events.js";
import { Curve } from "./curve.js";

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
 * Reads a run for a report. Where a resumed run wrote steps again, the last word counts (contract,
 * line 25).
 *
 * @throws FoveaError FOV0070 for an unknown id
 */
export function collectRun(home: string, id: string): ReportedRun {
  const row = findRun(home, id);
  const loss = new Curve();
  const lr = new Curve();
  const evals = new Map<string, Curve>();
  const warnings = new Set<string>();
  let start: ReportedRun["start"] = null;
  let methods: ReportedRun["methods"] = [];
  scanEvents(row.dir, {
    event: (event) => {
      switch (event.type) {
        case "run_start":
          start = event;
          for (const curve of [loss, lr, ...evals.values()]) curve.forgetAfter(event.step);
          return;
        case "step":
          loss.add(event.step, event.loss);
          lr.add(event.step, event.lr);
          return;
        case "eval":
          for (const [name, value] of Object.entries(event.metrics)) {
            const curve = evals.get(name) ?? new Curve();
            evals.set(name, curve);
            curve.add(event.step, value);
          }
          return;
        case "kernel_methods":
          methods = event.layers;
          return;
        case "warning":
          warnings.add(event.message);
          return;
        case "checkpoint":
        case "sparsity":
        case "run_end":
          return;
      }
    },
  });
  const record = runRecord(row.dir, id);
  return { row, record, loss, lr, evals, start, methods, warnings: [...warnings] };
}

import type { Event } from "../ir/event.js";
import type { RunRecord } from "../ir/run.js";
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
  /** Density and churn of the masks by step, percent; empty where nothing is sparse. */
  readonly density: Curve;
  readonly churn: Curve;
  /** The last `run_start` and `kernel_methods`. */
  readonly start: Extract<Event, { type: "run_start" }> | null;
  readonly methods: Extract<Event, { type: "kernel_methods" }>["layers"];
  readonly warnings: readonly string[];
}

/**
 * Reads a run for a report. Where a resumed run wrote steps again, the last word counts (contract,
 * line 25).
 *
 * @throws FoveaError FOV0070 where its `run.json` cannot be read
 */
export function collectRun(row: RunRow): ReportedRun {
  const loss = new Curve();
  const lr = new Curve();
  const density = new Curve();
  const churn = new Curve();
  const evals = new Map<string, Curve>();
  const warnings = new Set<string>();
  let start: ReportedRun["start"] = null;
  let methods: ReportedRun["methods"] = [];
  scanEvents(row.dir, {
    event: (event) => {
      switch (event.type) {
        case "run_start":
          start = event;
          for (const curve of [loss, lr, density, churn, ...evals.values()])
            curve.forgetAfter(event.step);
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
        case "sparsity":
          density.add(event.step, 100 * event.density);
          churn.add(event.step, 100 * event.churn);
          return;
        case "checkpoint":
        case "run_end":
          return;
      }
    },
  });
  const record = runRecord(row.dir, row.run);
  return {
    row,
    record,
    loss,
    lr,
    evals,
    density,
    churn,
    start,
    methods,
    warnings: [...warnings],
  };
}

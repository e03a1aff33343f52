import type { Event } from "../ir/event.js";
import type { EventVisitor } from "./event-scanner.js";
import { scanEvents } from "./scan-events.js";
import { WorkedTime } from "./worked-time.js";

/** Metrics by name; shares are percentages. A value that is not finite is `null`. */
export type Metrics = Readonly<Record<string, number | null>>;

/** What the events of a run say of it; it takes them one after the other. */
export class RunSummary implements EventVisitor {
  /** Those of the last `eval` event, unchanged (contract, line 23). */
  metrics: Metrics = {};
  /** Optimizer steps done. */
  step = 0;
  readonly time = new WorkedTime();
  /** The last one. */
  start: Extract<Event, { type: "run_start" }> | null = null;
  /** `null` where something came after it. */
  end: Extract<Event, { type: "run_end" }> | null = null;

  event(event: Event): void {
    this.time.event(event);
    if (event.type === "run_start") this.start = event;
    this.end = event.type === "run_end" ? event : null;
    if (event.type === "eval") this.metrics = event.metrics;
    // A checkpoint is told when it is on the disk, maybe some steps later. Steps between two that
    // are told may be in none but the checkpoint of a run that was stopped.
    if (event.type === "checkpoint") this.step = Math.max(this.step, event.step);
    else if ("step" in event) this.step = event.step;
  }
}

/** Reads all events of a run. */
export function summarise(directory: string): RunSummary {
  const summary = new RunSummary();
  scanEvents(directory, summary);
  return summary;
}

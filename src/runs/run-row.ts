import { statSync } from "node:fs";
import { join } from "node:path";
import type { Event, RunStatus } from "../ir/event.js";
import { hasLife, isTrainedHere } from "./life.js";
import { readRunRecord, readStatus } from "./records.js";
import { scanEvents } from "./scan-events.js";

/** Metrics by name; shares are percentages. A value that is not finite is `null`. */
type Metrics = Readonly<Record<string, number | null>>;

/** A run as `runs list` gives it. */
export interface RunRow {
  readonly run: string;
  readonly status: RunStatus;
  readonly dir: string;
  /** Those of the last `eval` event, unchanged (contract, line 23). */
  readonly metrics: Metrics;
  readonly reason: string | null;
  readonly name: string;
  readonly network: string;
  readonly hash: string;
  readonly seed: number;
  /** Optimizer steps done. */
  readonly step: number;
  /** Unix seconds of the first event; of `run.json` where there is none. */
  readonly started: number;
  /** Seconds from the first event to the last. */
  readonly seconds: number;
}

/** What the events of a run say of it. */
interface Summary {
  readonly metrics: Metrics;
  readonly step: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly end: Extract<Event, { type: "run_end" }> | null;
}

function summarise(directory: string): Summary {
  let metrics: Metrics = {};
  let step = 0;
  let first: number | null = null;
  let last: number | null = null;
  let end: Summary["end"] = null;
  scanEvents(directory, {
    event: (event) => {
      first ??= event.time;
      last = event.time;
      end = event.type === "run_end" ? event : null;
      if (event.type === "eval") metrics = event.metrics;
      // A checkpoint is told when it is on the disk, maybe some steps later. Steps between two that
      // are told may be in none but the checkpoint of a run that was stopped.
      if (event.type === "checkpoint") step = Math.max(step, event.step);
      else if ("step" in event) step = event.step;
    },
  });
  return { metrics, step, first, last, end };
}

/**
 * Reads a run from its folder. The status is as the folder has it; see {@link asItStands}.
 *
 * @returns `null` where the folder is no run: without a `run.json` that can be read
 */
export function readRow(id: string, directory: string): RunRow | null {
  const record = readRunRecord(directory);
  if (!("value" in record)) return null;
  const { experiment, hash } = record.value;
  const summary = summarise(directory);
  const status = readStatus(directory);
  const stands =
    "value" in status
      ? status.value
      : (summary.end ?? { status: "lost" as const, reason: `status.json: ${status.problem}` });
  const started = summary.first ?? statSync(join(directory, "run.json")).mtimeMs / 1000;
  return {
    run: id,
    status: stands.status,
    dir: directory,
    metrics: summary.metrics,
    reason: stands.reason,
    name: experiment.name,
    network: experiment.network.name,
    hash,
    seed: experiment.seed,
    step: summary.step,
    started,
    seconds: summary.last === null ? 0 : summary.last - started,
  };
}

/**
 * Whether a run that says so is really under way: a dead process is never shown running. Of a run
 * whose `status.json` cannot be read the processes of this machine are asked.
 */
export function isLive(directory: string): boolean {
  const status = readStatus(directory);
  if (!("value" in status)) return isTrainedHere(directory);
  return isUnderWay(status.value.status) && hasLife(directory, status.value);
}

/** The row with a status that holds now: `lost` where the process is gone. */
export function asItStands(row: RunRow): RunRow {
  if (!isUnderWay(row.status) || isLive(row.dir)) return row;
  // It may have written its end since the row was read, and before it was found gone.
  const now = readStatus(row.dir);
  if ("value" in now && !isUnderWay(now.value.status)) {
    return { ...row, status: now.value.status, reason: now.value.reason };
  }
  return { ...row, status: "lost", reason: row.reason ?? "its process is gone" };
}

/** Whether a status says that a run has not ended. */
export function isUnderWay(status: RunStatus): boolean {
  return status === "running" || status === "queued";
}

import { statSync } from "node:fs";
import { join } from "node:path";
import { RunStatus } from "../ir/event.js";
import type { LauncherName, RunRecord } from "../ir/run.js";
import { endAlone } from "./end-alone.js";
import { inQueue } from "./in-queue.js";
import { hasLife, isTrainedHere } from "./life.js";
import { readRunRecord, readStatus } from "./records.js";
import { type Metrics, type RunSummary, summarise } from "./run-summary.js";
import { unseededHash } from "./seed-groups.js";

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
  /** Seconds that were worked: from each start to the last event before the next one. */
  readonly seconds: number;
  /** Unix seconds of the last event; of `run.json` where there is none. */
  readonly updated: number;
  /** What started it. */
  readonly launcher: LauncherName;
  /** The machine that it runs or ran on. */
  readonly host: string;
  /** The device that it trained on; what was asked for where it never began. */
  readonly device: string;
  /** Processes that train together. */
  readonly processes: number;
  /** The experiment's identity but for its seed, see {@link unseededHash}. */
  readonly unseeded: string;
  /** The run that it repeats: it may have trained an edited package, or the first steps alone. */
  readonly replayOf: string | null;
}

/**
 * Reads a run from its folder. The status is as the folder has it; see {@link asItStands}.
 *
 * @param read - what its events say, where somebody has read them already
 * @returns `null` where the folder is no run: without a `run.json` that can be read
 */
export function readRow(id: string, directory: string, read?: RunSummary): RunRow | null {
  return readRun(id, directory, read)?.row ?? null;
}

/** Reads a run as {@link readRow} does, with its record. */
export function readRun(
  id: string,
  directory: string,
  read?: RunSummary,
): { readonly row: RunRow; readonly record: RunRecord } | null {
  const record = readRunRecord(directory);
  if (!("value" in record)) return null;
  const { experiment, hash, device, launch } = record.value;
  const summary = read ?? summarise(directory);
  const status = readStatus(directory);
  const stands =
    "value" in status
      ? status.value
      : (summary.end ?? { status: "lost" as const, reason: `status.json: ${status.problem}` });
  const { time, start } = summary;
  const started = time.first ?? madeAt(directory);
  // It was removed while it was read.
  if (started === null) return null;
  const row: RunRow = {
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
    seconds: time.worked,
    updated: time.last ?? started,
    launcher: "value" in status ? status.value.launcher : launch.launcher,
    host: ("value" in status ? status.value.host : null) ?? device.host,
    device: start?.device ?? device.requested,
    processes: start?.processes ?? launch.processes * launch.nodes,
    unseeded: unseededHash(experiment),
    replayOf: record.value.replayOf,
  };
  return { row, record: record.value };
}

function madeAt(directory: string): number | null {
  const stats = statSync(join(directory, "run.json"), { throwIfNoEntry: false });
  return stats === undefined ? null : stats.mtimeMs / 1000;
}

/** Whether a value that was read from an index has a row's fields. */
export function isRow(value: unknown): value is RunRow {
  if (typeof value !== "object" || value === null) return false;
  const row = value as Partial<Record<keyof RunRow, unknown>>;
  return (
    RunStatus.safeParse(row.status).success &&
    typeof row.metrics === "object" &&
    row.metrics !== null &&
    TEXTS.every((name) => typeof row[name] === "string") &&
    NUMBERS.every((name) => typeof row[name] === "number")
  );
}

const TEXTS = ["name", "network", "hash", "launcher", "host", "device", "unseeded"] as const;
const NUMBERS = ["seed", "step", "started", "seconds", "updated", "processes"] as const;

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
  if (!isUnderWay(row.status)) return row;
  if (isLive(row.dir)) return inQueue(row);
  // It may have written its end since the row was read, and before it was found gone.
  const now = readStatus(row.dir);
  if ("value" in now && !isUnderWay(now.value.status)) {
    return { ...row, status: now.value.status, reason: now.value.reason };
  }
  const end = "value" in now ? endAlone(row.dir, now.value) : null;
  return { ...row, ...(end ?? { status: "lost", reason: row.reason ?? "its process is gone" }) };
}

/** Whether a status says that a run has not ended. */
export function isUnderWay(status: RunStatus): boolean {
  return status === "running" || status === "queued";
}

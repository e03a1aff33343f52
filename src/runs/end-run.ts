import { rmSync } from "node:fs";
import { join } from "node:path";
import type { EndStatus } from "../ir/event.js";
import type { StatusRecord } from "../ir/run.js";
import type { JobEnd, KnownEnd } from "../launch/launcher.js";
import { failureLine, readWorkerLog } from "../launch/worker-log.js";
import { appendEvent } from "./append-event.js";
import { homeError } from "./home-error.js";
import { pulseFile } from "./life.js";
import { lastLines } from "./log-tail.js";
import { readStatus, writeStatus } from "./records.js";
import { repairTail } from "./repair-tail.js";
import { eventsFile } from "./scan-events.js";

/** How a run ended, as its `run_end` event says. */
export interface RunEnd {
  readonly status: EndStatus;
  readonly reason: string | null;
}

/** What is known of a run beside its process's end. */
export interface EndContext {
  /** Whether it was asked to stop. */
  readonly cancelled: boolean;
  /** Size of the events before this process wrote: an earlier `run_end` is none of its. */
  readonly since: number;
  /** Size of `stderr.log` before this process wrote. */
  readonly logSize: number;
}

/**
 * Brings a run to its end after its training process is gone: writes the `run_end` that Python
 * could not write, and the same into `status.json` (contract, line 26).
 *
 * @param end - how the process ended, or why it never started
 */
export function endRun(
  directory: string,
  end: JobEnd | KnownEnd | RunEnd,
  context: EndContext,
): RunEnd {
  try {
    const { last, size } = repairTail(directory);
    if (last?.type === "run_end" && size > context.since) return settle(directory, last);
    const found = "status" in end ? end : explain(directory, end, context);
    appendEvent(directory, { type: "run_end", status: found.status, reason: found.reason });
    return settle(directory, found);
  } catch (error) {
    throw homeError(error, eventsFile(directory));
  }
}

function settle(directory: string, { status, reason }: RunEnd): RunEnd {
  const found = readStatus(directory);
  const before: Pick<StatusRecord, "launcher" | "job" | "host"> =
    "value" in found ? found.value : { launcher: "local", job: null, host: null };
  writeStatus(directory, {
    status,
    reason,
    pid: null,
    started: null,
    launcher: before.launcher,
    job: before.job,
    host: before.host,
  });
  rmSync(pulseFile(directory), { force: true });
  return { status, reason };
}

/** As much of a log as holds what torchrun says at its end. */
const LOG_LINES = 1000;
const CANCELLED = {
  status: "cancelled",
  reason: "cancelled before training could save anything",
} as const;

/** What a process that wrote no `run_end` died of. */
export function explain(
  directory: string,
  end: JobEnd,
  { cancelled, logSize }: EndContext,
): RunEnd {
  const log = readWorkerLog(lastLines(join(directory, "stderr.log"), LOG_LINES, logSize));
  const signal = end.signal ?? signalOfShell(end.exitCode);
  if (cancelled || signal === "SIGINT" || log.stopped !== null) return CANCELLED;
  if (signal === "SIGTERM" && !hasBegun(directory)) return CANCELLED;
  if (signal !== null) return killed("", signal);
  const { failure } = log;
  if (failure !== null) {
    const who = `rank ${failure.rank}`;
    if (failure.signal !== null) return killed(`${who} was `, failure.signal);
    return failed(failureLine(log.lines), failure.exitCode, `${who}: `);
  }
  return failed(log.lines.at(-1) ?? null, end.exitCode);
}

/** Whether Python came so far as to say that the run is running. */
function hasBegun(directory: string): boolean {
  const status = readStatus(directory);
  return !("value" in status) || status.value.status !== "queued";
}

function killed(who: string, signal: string): RunEnd {
  const why = signal === "SIGKILL" ? ", perhaps because memory ran out" : "";
  return { status: "lost", reason: `${who}killed by ${signal}${why}` };
}

/** @param said - the line that names the error */
function failed(said: string | null, exitCode: number | null, who = ""): RunEnd {
  const ended = `Python ended with exit code ${exitCode}`;
  if (said !== null && /OutOfMemoryError|CUDA out of memory|^MemoryError/.test(said)) {
    return { status: "out_of_memory", reason: `${who}${said} (exit code ${exitCode})` };
  }
  if (exitCode === 0) return { status: "failed", reason: `${ended} and without a run_end` };
  return {
    status: "failed",
    reason: who + (said === null ? ended : `${said} (exit code ${exitCode})`),
  };
}

const SIGNALS: Readonly<Record<number, string>> = {
  129: "SIGHUP",
  130: "SIGINT",
  134: "SIGABRT",
  137: "SIGKILL",
  139: "SIGSEGV",
  143: "SIGTERM",
};

/** A wrapper script around Python reports the signal as 128 and its number. */
function signalOfShell(exitCode: number | null): string | null {
  return exitCode === null ? null : (SIGNALS[exitCode] ?? null);
}

import { join } from "node:path";
import type { EndStatus } from "../ir/event.js";
import type { StatusRecord } from "../ir/run.js";
import type { JobEnd } from "../launch/launcher.js";
import { appendEvent } from "./append-event.js";
import { lastLines } from "./log-tail.js";
import { readStatus, writeStatus } from "./records.js";
import { repairTail } from "./repair-tail.js";
import { eventsFile } from "./scan-events.js";
import { diskFailure } from "./write-atomically.js";

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
export function endRun(directory: string, end: JobEnd | RunEnd, context: EndContext): RunEnd {
  try {
    const { last, size } = repairTail(directory);
    if (last?.type === "run_end" && size > context.since) return settle(directory, last);
    const found = "status" in end ? end : explain(directory, end, context);
    appendEvent(directory, { type: "run_end", status: found.status, reason: found.reason });
    return settle(directory, found);
  } catch (error) {
    throw diskFailure(eventsFile(directory), error);
  }
}

function settle(directory: string, { status, reason }: RunEnd): RunEnd {
  const found = readStatus(directory);
  const before: Pick<StatusRecord, "launcher" | "job"> =
    "value" in found ? found.value : { launcher: "local", job: null };
  writeStatus(directory, {
    status,
    reason,
    pid: null,
    started: null,
    launcher: before.launcher,
    job: before.job,
  });
  return { status, reason };
}

/** What a process that wrote no `run_end` died of. */
function explain(directory: string, end: JobEnd, { cancelled, logSize }: EndContext): RunEnd {
  const signal = end.signal ?? signalOfShell(end.exitCode);
  if (cancelled || signal === "SIGINT") {
    return { status: "cancelled", reason: "cancelled before training could save anything" };
  }
  const said = lastLines(join(directory, "stderr.log"), 1, logSize)[0] ?? null;
  if (signal === "SIGKILL") {
    return { status: "lost", reason: "killed by SIGKILL, perhaps because memory ran out" };
  }
  if (signal !== null) return { status: "lost", reason: `killed by ${signal}` };
  const ended = `Python ended with exit code ${end.exitCode}`;
  if (said !== null && /OutOfMemoryError|CUDA out of memory|^MemoryError/.test(said)) {
    return { status: "out_of_memory", reason: `${said} (exit code ${end.exitCode})` };
  }
  if (end.exitCode === 0) return { status: "failed", reason: `${ended} and without a run_end` };
  return {
    status: "failed",
    reason: said === null ? ended : `${said} (exit code ${end.exitCode})`,
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

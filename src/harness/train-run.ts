import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "../ir/event.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { JobHandle, TrainingTask } from "../launch/launcher.js";
import { localLauncher } from "../launch/local.js";
import { endRun, type RunEnd } from "../runs/end-run.js";
import { followEvents } from "../runs/follow-events.js";
import { readStatus, writeStatus } from "../runs/records.js";
import type { Interrupts } from "./interrupts.js";
import type { OpenRun } from "./open-run.js";

/**
 * Trains an open run in a Python process and stays until it is gone. What Python could not write
 * at its end is written here.
 */
export async function trainRun(
  run: OpenRun,
  start: Pick<TrainingTask, "python" | "cwd" | "device">,
  interrupts: Interrupts,
  observer: { note(text: string): void; event(event: Event): void },
): Promise<RunEnd> {
  const { directory, since } = run;
  const logSize = sizeOf(localLauncher.logs(directory).stderr);
  const job = await localLauncher.submit({
    ...start,
    directory,
    resume: run.resume,
    env: pythonEnvironment(),
  });
  const stop = (how: "ask" | "kill"): void => {
    for (const handle of handles(directory, job)) localLauncher.cancel(handle, how);
  };
  try {
    writeStatus(directory, {
      status: "queued",
      reason: null,
      pid: job.pid,
      started: job.started,
      launcher: "local",
      job: null,
    });
    interrupts.listener = (press) => {
      observer.note(
        press === 1
          ? "stopping: training writes a checkpoint first; Ctrl-C again kills it"
          : "killing the training",
      );
      stop(press === 1 ? "ask" : "kill");
    };
    if (interrupts.presses > 0) interrupts.listener(interrupts.presses);
    const follower = followEvents(directory, observer, since);
    try {
      const end = await job.ended;
      await gone(directory);
      follower.stop();
      return endRun(directory, end, { cancelled: interrupts.presses > 0, since, logSize });
    } finally {
      follower.stop();
    }
  } catch (error) {
    stop("kill");
    throw error;
  } finally {
    interrupts.listener = null;
  }
}

/** The process that was started, and Python itself where that was a wrapper script around it. */
function handles(directory: string, job: JobHandle): readonly JobHandle[] {
  const status = readStatus(directory);
  if (!("value" in status) || status.value.pid === job.pid) return [job];
  return [job, status.value];
}

/** Waits for Python where a wrapper script ended before it. */
async function gone(directory: string): Promise<void> {
  for (;;) {
    const status = readStatus(directory);
    if (!("value" in status) || localLauncher.status(status.value) === "gone") return;
    await sleep(100);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

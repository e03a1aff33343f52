import { statSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "../ir/event.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Launcher, TrainingTask } from "../launch/launcher.js";
import { launcherOf } from "../launch/launchers.js";
import { endRun, type RunEnd } from "../runs/end-run.js";
import { followEvents } from "../runs/follow-events.js";
import { readStatus, writeStatus } from "../runs/records.js";
import { underWay } from "../runs/under-way.js";
import type { Interrupts } from "./interrupts.js";
import type { OpenRun } from "./open-run.js";

/**
 * Trains an open run in one Python process or several and stays until they are gone. What Python
 * could not write at its end is written here.
 */
export async function trainRun(
  run: OpenRun,
  start: Pick<TrainingTask, "python" | "cwd" | "device" | "launch" | "node">,
  interrupts: Interrupts,
  observer: { note(text: string): void; event(event: Event): void },
): Promise<RunEnd> {
  const { directory, since } = run;
  const name = start.launch.launcher;
  const launcher = launcherOf(name);
  const logSize = sizeOf(launcher.logs(directory).stderr);
  const env = pythonEnvironment();
  const job = await launcher.submit({ ...start, directory, run: run.id, resume: run.resume, env });
  const kill = (): void => launcher.kill(underWay(directory, job));
  try {
    writeStatus(directory, {
      status: "queued",
      reason: null,
      pid: job.pid,
      started: job.started,
      launcher: name,
      job: null,
      host: hostname(),
    });
    interrupts.listener = (press) => {
      observer.note(
        press === 1
          ? "stopping: training writes a checkpoint first; Ctrl-C again kills it"
          : "killing the training",
      );
      if (press === 1) launcher.ask(underWay(directory, job), interrupts.signal);
      else kill();
    };
    if (interrupts.presses > 0) interrupts.listener(interrupts.presses);
    const follower = followEvents(directory, observer, since);
    try {
      const end = await job.ended;
      await gone(directory, launcher);
      // torchrun that is killed leaves its processes behind.
      if (end.signal !== null) kill();
      follower.stop();
      return endRun(directory, end, { cancelled: interrupts.presses > 0, since, logSize });
    } finally {
      follower.stop();
    }
  } catch (error) {
    kill();
    throw error;
  } finally {
    interrupts.listener = null;
  }
}

/** Waits for Python where what started it ended before it. */
async function gone(directory: string, launcher: Launcher): Promise<void> {
  for (;;) {
    const status = readStatus(directory);
    if (!("value" in status) || launcher.status(status.value) === "gone") return;
    await sleep(100);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "../ir/event.js";
import type { Launcher } from "../launch/launcher.js";
import { launcherOf } from "../launch/launchers.js";
import { endRun, type RunEnd } from "../runs/end-run.js";
import { followEvents } from "../runs/follow-events.js";
import { readStatus } from "../runs/records.js";
import { underWay } from "../runs/under-way.js";
import type { Interrupts } from "./interrupts.js";
import type { SubmittedRun } from "./submit-run.js";

/** Told of what happens to a training. */
export interface AttendObserver {
  note(text: string): void;
  /** Where it is missing, the run's events are not read. */
  event?(event: Event): void;
}

const LOOK_MS = 100;
/** This machine was silent for too long: the record is no longer for it to write. */
const TAKEN: RunEnd = { status: "lost", reason: "another machine has taken it over" };

/**
 * Stays with a submitted run until its processes are gone. What Python could not write at its end
 * is written here. The first press lets it write a checkpoint, the next one kills it.
 */
export async function attendRun(
  { run, task, job, logSize }: SubmittedRun,
  interrupts: Interrupts,
  observer: AttendObserver,
): Promise<RunEnd> {
  const { directory, since } = run;
  const launcher = launcherOf(task.launch.launcher);
  const kill = (): void => launcher.kill(underWay(directory, job));
  let forget = (): void => {};
  try {
    forget = interrupts.listen((press) => {
      observer.note(
        press === 1
          ? "stopping: training writes a checkpoint first; Ctrl-C again kills it"
          : "killing the training",
      );
      if (press === 1) launcher.ask(underWay(directory, job), interrupts.signal, observer.note);
      else kill();
    });
    const follower = follow(directory, observer, since);
    try {
      const end = await job.ended;
      // Of a process that was started here: a scheduler's job is over as a whole.
      if (job.pid !== null) await gone(directory, launcher);
      // torchrun that is killed leaves its processes behind.
      if ("signal" in end && end.signal !== null) kill();
      follower?.stop();
      if (!run.claim.isHeld()) return TAKEN;
      return endRun(directory, end, { cancelled: interrupts.presses > 0, since, logSize });
    } finally {
      follower?.stop();
    }
  } catch (error) {
    kill();
    throw error;
  } finally {
    forget();
  }
}

function follow(
  directory: string,
  { event }: AttendObserver,
  since: number,
): { stop(): void } | null {
  return event === undefined ? null : followEvents(directory, { event }, since);
}

/** Waits for Python where what started it ended before it. */
async function gone(directory: string, launcher: Launcher): Promise<void> {
  for (;;) {
    const status = readStatus(directory);
    if (!("value" in status) || launcher.status(status.value) === "gone") return;
    await sleep(LOOK_MS);
  }
}

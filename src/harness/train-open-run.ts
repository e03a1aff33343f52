import { isFoveaError } from "../ir/error.js";
import { endRun, type RunEnd } from "../runs/end-run.js";
import { type AttendObserver, attendRun } from "./attend-run.js";
import type { Interrupts } from "./interrupts.js";
import type { OpenRun } from "./open-run.js";
import type { PreparedRun } from "./prepare-run.js";
import type { Session } from "./session.js";
import { submitRun, taskOf } from "./submit-run.js";
import { unlessStopped } from "./unless-stopped.js";
import { verifyRun } from "./verify-run.js";

/** Verifies the kernels of an open run, trains it and stays with it to its end. */
export async function trainOpenRun(
  session: Session,
  run: OpenRun,
  prepared: PreparedRun,
  interrupts: Interrupts,
  observer: AttendObserver,
): Promise<RunEnd> {
  return await recordingFailure(run, async () => {
    const refused = await verifyRun(session, run, prepared, interrupts, observer);
    if (refused !== null) return refused;
    const task = taskOf(session, run, prepared);
    const note = (text: string): void => observer.note(text);
    const submitted = await unlessStopped(interrupts, note, (attendant) =>
      submitRun(run, task, attendant),
    );
    if (submitted === null) return endUnsubmitted(run);
    return await attendRun(submitted, interrupts, observer);
  });
}

/** The end of a run that the user wanted out of before a launcher had it. */
export function endUnsubmitted({ directory, since }: OpenRun): RunEnd {
  const end = { status: "cancelled", reason: "cancelled before it was submitted" } as const;
  return endRun(directory, end, { cancelled: false, since, logSize: 0 });
}

/** A record must not say for ever that its run is under way. */
export async function recordingFailure<T>(run: OpenRun, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const reason = isFoveaError(error) ? why : `fovea itself failed: ${why}`;
    const end = { status: "failed", reason } as const;
    endRun(run.directory, end, { cancelled: false, since: run.since, logSize: 0 });
    throw error;
  }
}

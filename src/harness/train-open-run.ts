import { endRun, type RunEnd } from "../runs/end-run.js";
import { type AttendObserver, attendRun } from "./attend-run.js";
import type { Interrupts } from "./interrupts.js";
import type { OpenRun } from "./open-run.js";
import type { PreparedRun } from "./prepare-run.js";
import type { Session } from "./session.js";
import { submitRun, taskOf } from "./submit-run.js";
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
    const submitted = await submitRun(run, taskOf(session, run, prepared));
    return await attendRun(submitted, interrupts, observer);
  });
}

/** A record must not say for ever that its run is under way. */
export async function recordingFailure<T>(run: OpenRun, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const end = { status: "failed", reason: `fovea itself failed: ${why}` } as const;
    endRun(run.directory, end, { cancelled: false, since: run.since, logSize: 0 });
    throw error;
  }
}

import { join } from "node:path";
import { appendEvent } from "../runs/append-event.js";
import { endRun, type RunEnd } from "../runs/end-run.js";
import type { Interrupts } from "./interrupts.js";
import type { OpenRun } from "./open-run.js";
import type { PreparedRun } from "./prepare-run.js";
import type { RunObserver } from "./run-request.js";
import type { Session } from "./session.js";

/** Recorded of every start that skips verification. */
const UNVERIFIED = "the kernels are not verified (--unverified)";

/**
 * Whether a run's kernels are verified in its job: the machine that submits it need not have the
 * device. Those for a CPU are verified here, once for all jobs.
 */
export function isVerifiedThere({
  type,
  unverified,
  plan,
}: Pick<PreparedRun, "type" | "unverified" | "plan">): boolean {
  return !unverified && type === "cuda" && plan.launch.launcher === "slurm";
}

/**
 * Verifies the kernels of an open run. One that does not hold ends the run before it starts; where
 * the request does without verification, a `warning` event says so. A peer has no kernels of ours.
 *
 * @returns how the run ended; `null` where it may be trained
 */
export async function verifyRun(
  session: Session,
  run: OpenRun,
  prepared: Pick<PreparedRun, "type" | "unverified" | "plan">,
  interrupts: Interrupts,
  observer: Pick<RunObserver, "note">,
): Promise<RunEnd | null> {
  const { type, unverified } = prepared;
  const stopped = new AbortController();
  const forget = interrupts.listen(() => stopped.abort());
  const note = (text: string): void => observer.note(text);
  const ended = (end: RunEnd): RunEnd =>
    endRun(run.directory, end, { cancelled: false, since: run.since, logSize: 0 });
  try {
    const folder = run.package === null ? null : join(run.directory, run.package);
    const problem =
      unverified || folder === null || isVerifiedThere(prepared)
        ? null
        : await session.verifier.problemOf(folder, type, stopped.signal, note);
    if (stopped.signal.aborted) {
      return ended({ status: "cancelled", reason: "cancelled before training started" });
    }
    if (problem !== null) {
      note("--unverified trains with them all the same, and is recorded");
      return ended({ status: "failed", reason: `the kernels are not verified: ${problem}` });
    }
    if (unverified && folder !== null)
      appendEvent(run.directory, { type: "warning", message: UNVERIFIED });
    return null;
  } finally {
    forget();
  }
}

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
 * Verifies the kernels of an open run. One that does not hold ends the run before it starts; where
 * the request does without verification, a `warning` event says so. A peer has no kernels of ours.
 *
 * @returns how the run ended; `null` where it may be trained
 */
export async function verifyRun(
  session: Session,
  run: OpenRun,
  { type, unverified }: Pick<PreparedRun, "type" | "unverified">,
  interrupts: Interrupts,
  observer: Pick<RunObserver, "note">,
): Promise<RunEnd | null> {
  const stopped = new AbortController();
  const forget = interrupts.listen(() => stopped.abort());
  const note = (text: string): void => observer.note(text);
  const ended = (end: RunEnd): RunEnd =>
    endRun(run.directory, end, { cancelled: false, since: run.since, logSize: 0 });
  try {
    const folder = run.package === null ? null : join(run.directory, run.package);
    const problem =
      unverified || folder === null
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

import { join } from "node:path";
import type { Python } from "../launch/python.js";
import { appendEvent } from "../runs/append-event.js";
import { endRun, type RunEnd } from "../runs/end-run.js";
import type { Interrupts } from "./interrupts.js";
import type { LaunchPlan } from "./launch-request.js";
import type { OpenRun } from "./open-run.js";
import type { RunObserver, RunRequest } from "./run-request.js";
import { trainRun } from "./train-run.js";
import { verifyKernels } from "./verify-kernels.js";

/** Recorded of every start that skips verification. */
const UNVERIFIED = "the kernels are not verified (--unverified)";

/** What an open run is trained with. */
interface Means {
  readonly python: Python;
  readonly device: "cpu" | "cuda";
  readonly plan: LaunchPlan;
}

/**
 * Verifies the kernels of an open run and trains it. A kernel that does not hold ends the run
 * before it starts; where the request does without verification, a `warning` event says so. A peer
 * has no kernels of ours.
 */
export async function verifyAndTrain(
  run: OpenRun,
  { python, device, plan }: Means,
  { cwd, device: named, unverified }: RunRequest,
  interrupts: Interrupts,
  observer: RunObserver,
): Promise<RunEnd> {
  const stopped = new AbortController();
  interrupts.listener = () => stopped.abort();
  if (interrupts.presses > 0) stopped.abort();
  const ended = (end: RunEnd): RunEnd =>
    endRun(run.directory, end, { cancelled: false, since: run.since, logSize: 0 });
  try {
    const folder = run.package === null ? null : join(run.directory, run.package);
    const problem =
      unverified || folder === null
        ? null
        : await verify(folder, { python, device }, stopped.signal, observer);
    if (stopped.signal.aborted) {
      return ended({ status: "cancelled", reason: "cancelled before training started" });
    }
    if (problem !== null) {
      observer.note("--unverified trains with them all the same, and is recorded");
      return ended({ status: "failed", reason: `the kernels are not verified: ${problem}` });
    }
    if (unverified && folder !== null)
      appendEvent(run.directory, { type: "warning", message: UNVERIFIED });
    const start = { ...plan, python: python.command, cwd, device: run.resume ? named : null };
    return await trainRun(run, start, interrupts, observer);
  } catch (error) {
    // The record must not say for ever that it is under way.
    const why = error instanceof Error ? error.message : String(error);
    ended({ status: "failed", reason: `fovea itself failed: ${why}` });
    throw error;
  }
}

/** @returns what is wrong with a package's kernels; `null` where they hold */
async function verify(
  folder: string,
  means: Pick<Means, "python" | "device">,
  signal: AbortSignal,
  observer: RunObserver,
): Promise<string | null> {
  observer.note("verifying the kernels");
  const { passed, summary } = await verifyKernels([folder], {
    ...means,
    onNote: observer.note,
    signal,
  });
  if (!passed) return summary;
  observer.note(summary);
  return null;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { StatusRecord } from "../ir/run.js";
import { launcherOf } from "../launch/launchers.js";
import { isClaim } from "./claim.js";
import { claimRun } from "./claim-run.js";
import { type EndContext, endRun, explain, type RunEnd } from "./end-run.js";
import { readStatus } from "./records.js";
import { lastRecorded } from "./repair-tail.js";
import { isLive, isUnderWay } from "./run-row.js";

const LOOK_MS = 100;
/** How long the process that waits for a run may take to record its end. */
const PATIENCE_MS = 20_000;

/**
 * How a run ended whose job is gone, and that nobody has recorded the end of: who submitted it may
 * be gone too. Python's own word counts first, then the job's, then the scheduler's.
 *
 * @returns `null` where the launcher knows nothing of jobs that another process started
 */
export function endAlone(directory: string, status: StatusRecord): RunEnd | null {
  const { endOf } = launcherOf(status.launcher);
  if (endOf === undefined) return null;
  if (hasBegun(status)) {
    const last = lastRecorded(directory);
    if (last?.type === "run_end") return { status: last.status, reason: last.reason };
  }
  const end = endOf(directory, status);
  return "status" in end ? end : explain(directory, end, contextOf(status));
}

/**
 * Records the end of a run whose job is gone, or waits until the process that attends it has. A run
 * that is under way, or was a process of this machine, is left as it is.
 */
export async function recordEnd(directory: string): Promise<void> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
    const status = readStatus(directory);
    if (!("value" in status) || !isUnderWay(status.value.status) || isLive(directory)) return;
    if (launcherOf(status.value.launcher).endOf === undefined) return;
    const found = claimRun(directory);
    if (isClaim(found)) {
      try {
        recordGone(directory, status.value);
        return;
      } finally {
        found.release();
      }
    }
    await sleep(LOOK_MS);
  }
}

/**
 * Records the end of a run whose job is gone, for who has the run's claim.
 *
 * @returns whether the launcher knew how it ended
 */
export function recordGone(directory: string, status: StatusRecord): boolean {
  const { endOf } = launcherOf(status.launcher);
  if (endOf === undefined) return false;
  endRun(directory, endOf(directory, status), contextOf(status));
  return true;
}

/** Whether Python said that it trains, in the job that the status names. */
function hasBegun({ status, reason }: StatusRecord): boolean {
  return status !== "queued" || reason !== null;
}

function contextOf(status: StatusRecord): EndContext {
  // What was written before the job began is not of it.
  const since = hasBegun(status) ? 0 : Number.MAX_SAFE_INTEGER;
  return { cancelled: false, since, logSize: since };
}

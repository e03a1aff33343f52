import { setTimeout as sleep } from "node:timers/promises";
import { launcherOf } from "../../launch/launchers.js";
import { isClaim } from "../../runs/claim.js";
import { claimRun } from "../../runs/claim-run.js";
import { recordGone } from "../../runs/end-alone.js";
import { endRun } from "../../runs/end-run.js";
import { readStatus } from "../../runs/records.js";
import { isLive, isUnderWay } from "../../runs/run-row.js";
import { underWay } from "../../runs/under-way.js";
import type { Interrupts } from "../interrupts.js";

const LOOK_MS = 300;

/**
 * Stays with a training whose own command was killed, and records its end where it could not.
 *
 * @returns whether it was there to attend: another process may have taken it
 */
export async function attendOrphan(directory: string, interrupts: Interrupts): Promise<boolean> {
  const claim = claimRun(directory);
  if (!isClaim(claim)) return false;
  const forget = interrupts.listen((press) => {
    const status = readStatus(directory);
    if (!("value" in status)) return;
    const launcher = launcherOf(status.value.launcher);
    if (press === 1) launcher.ask(underWay(directory), interrupts.signal, () => {});
    else launcher.kill(underWay(directory));
  });
  try {
    while (isLive(directory)) await sleep(LOOK_MS);
    const status = readStatus(directory);
    if (!("value" in status) || !isUnderWay(status.value.status)) return true;
    if (!recordGone(directory, status.value)) {
      const cancelled = interrupts.presses > 0;
      const end = cancelled
        ? { status: "cancelled" as const, reason: "cancelled before training could save anything" }
        : { status: "lost" as const, reason: "its process is gone, and nobody saw how" };
      endRun(directory, end, { cancelled, since: 0, logSize: 0 });
    }
    return true;
  } finally {
    forget();
    claim.release();
  }
}

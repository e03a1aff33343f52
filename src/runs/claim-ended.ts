import { setTimeout as sleep } from "node:timers/promises";
import { BeatWatch, SILENCE_MS } from "./beat.js";
import { type Claim, isClaim, isHere, NOBODY, type Owner } from "./claim.js";
import { claimRun } from "./claim-run.js";
import { otherHost, signsOfLife } from "./life.js";
import { readStatus } from "./records.js";
import { isLive, isUnderWay } from "./run-row.js";

const LOOK_MS = 1000;

/**
 * Takes a run that is not under way. One that another machine has and that looks dead from here is
 * watched first, for as long as a machine may be silent: clocks alone end nothing.
 *
 * @returns the claim, or who has the run
 */
export async function claimEnded(directory: string): Promise<Claim | Owner> {
  const watch = new BeatWatch();
  const from = performance.now();
  for (;;) {
    const host = hostElsewhere(directory);
    if (isLive(directory)) return { ...NOBODY, host };
    const silence = Math.min(...signsOfLife(directory).map((path) => watch.silence(path)));
    if (host === null || silence >= SILENCE_MS) {
      const found = claimRun(directory, watch);
      if (isClaim(found) || isHere(found)) return found;
    }
    // Something was written since the first look.
    if (performance.now() - from - silence > LOOK_MS / 2) return { ...NOBODY, host };
    await sleep(LOOK_MS);
  }
}

/** The other machine that a run says to be under way on. */
function hostElsewhere(directory: string): string | null {
  const status = readStatus(directory);
  return "value" in status && isUnderWay(status.value.status) ? otherHost(status.value) : null;
}

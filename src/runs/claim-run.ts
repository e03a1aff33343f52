import { dirname, join } from "node:path";
import { BeatWatch } from "./beat.js";
import { type Claim, claim, type Owner } from "./claim.js";

/** The claim of a run's directory, which who records its end has. */
export function ownerLock(directory: string): string {
  return join(directory, "owner.lock");
}

/** The home that a run's directory is in. */
export function homeOf(directory: string): string {
  return dirname(dirname(directory));
}

/**
 * Takes a run for this process, so that two `--resume` do not train it at once.
 *
 * @returns the claim, or the owner that has it
 */
export function claimRun(directory: string, watch = new BeatWatch()): Claim | Owner {
  return claim(homeOf(directory), ownerLock(directory), watch);
}

import { readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { type BeatWatch, inFolder } from "./beat.js";
import { type Claim, claim, isClaim, type Owner } from "./claim.js";
import { homeError } from "./home-error.js";

/**
 * Takes an experiment for this process, so that of several coordinators one makes its run.
 *
 * @param hash - the experiment's
 * @param about - kept with it for who finds it
 * @returns the claim, or the owner that has it
 * @throws FoveaError FOV0051 where the home cannot be written
 */
export function claimPoint(
  home: string,
  hash: string,
  watch: BeatWatch,
  about: string | null,
): Claim | Owner {
  const folder = join(home, "claims", hash);
  try {
    const found = inFolder(folder, () => claim(home, join(folder, "owner"), watch, about));
    if (!isClaim(found)) return found;
    const release = (): void => {
      found.release();
      removeEmpty(folder);
      removeEmpty(join(home, "claims"));
    };
    return { ...found, release };
  } catch (error) {
    throw homeError(error, folder);
  }
}

/** Removes what killed coordinators left of experiments that are done. */
export function forgetClaims(
  home: string,
  watch: BeatWatch,
  isDone: (hash: string) => boolean,
): void {
  for (const hash of claimed(home)) {
    if (!isDone(hash)) continue;
    const found = claimPoint(home, hash, watch, null);
    if (isClaim(found)) found.release();
  }
}

function claimed(home: string): readonly string[] {
  try {
    return readdirSync(join(home, "claims"));
  } catch {
    return [];
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others have claims there.
  }
}

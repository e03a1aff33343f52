import { rmdirSync } from "node:fs";
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

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others have claims there.
  }
}

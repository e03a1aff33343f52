import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BeatWatch } from "./beat.js";
import { isClaim, ownerOf } from "./claim.js";
import { claimRun, ownerLock } from "./claim-run.js";
import {
  checkpointFiles,
  deadBeats,
  deadClaims,
  deadFolders,
  type Garbage,
  temporaryFiles,
} from "./garbage.js";
import { homeError } from "./home-error.js";
import { IndexFile } from "./index-file.js";
import { runFolders, runsDirectory } from "./run-directory.js";
import { isLive } from "./run-row.js";

/**
 * Finds what killed processes left in a home, and removes it: folders of removals that were cut
 * short, folders that never became a run, claims and signs of life of dead processes, temporary
 * files, rows of the index whose folders are gone. Nothing of a run that is live, or that somebody
 * has, is touched.
 *
 * @param checkpointsOf - ids of runs whose checkpoints are removed, too
 * @param dry - whether all stays
 * @throws FoveaError FOV0051 where the home cannot be written
 */
export async function collectGarbage(
  home: string,
  checkpointsOf: ReadonlySet<string>,
  dry: boolean,
): Promise<readonly Garbage[]> {
  const found: Garbage[] = [];
  const take = (garbage: readonly Garbage[]): void => {
    for (const { path } of dry ? [] : garbage) rmSync(path, { recursive: true, force: true });
    found.push(...garbage);
  };
  try {
    take(deadFolders(home));
    for (const id of runFolders(home)) {
      const directory = join(runsDirectory(home), id);
      const garbage = [
        ...deadClaims(home, directory),
        ...temporaryFiles(directory),
        ...(checkpointsOf.has(id) ? checkpointFiles(directory) : []),
      ];
      if (garbage.length > 0) whileFree(home, directory, dry, () => take(garbage));
    }
    take(deadBeats(home));
    found.push(...(await collectRows(home, dry)));
  } catch (error) {
    throw homeError(error, home);
  }
  return found;
}

/** Does something with a run that nobody has, and that nobody can resume meanwhile. */
function whileFree(home: string, directory: string, dry: boolean, action: () => void): void {
  if (isLive(directory)) return;
  if (dry) {
    if (ownerOf(home, ownerLock(directory), new BeatWatch()) === null) action();
    return;
  }
  const claim = claimRun(directory);
  if (!isClaim(claim)) return;
  try {
    action();
  } finally {
    claim.release();
  }
}

async function collectRows(home: string, dry: boolean): Promise<readonly Garbage[]> {
  // None is made for the sake of looking.
  if (!existsSync(join(home, "index.sqlite"))) return [];
  const folders = new Set(runFolders(home));
  const index = await IndexFile.of(home);
  try {
    const gone = [...index.read(false).records.keys()].filter((id) => !folders.has(id));
    if (!dry) index.write([], gone);
    return gone.map((path) => ({ kind: "index row", path, bytes: 0 }));
  } finally {
    index.close();
  }
}

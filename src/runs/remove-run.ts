import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FoveaError } from "../ir/error.js";
import { findRunDirectory } from "./find-run.js";
import { homeError } from "./home-error.js";
import { runsDirectory } from "./run-directory.js";
import { isLive } from "./run-row.js";

/**
 * Removes a run's folder: at once from the list, then from the disk. Of a link, only the link goes.
 *
 * @throws FoveaError FOV0070 for an unknown id, FOV0071 for a live run
 */
export function removeRun(home: string, id: string): void {
  const directory = findRunDirectory(home, id);
  if (isLive(directory)) throw liveRunError(id);
  // The name is no id: a removal that is cut short leaves nothing in the list.
  const doomed = join(runsDirectory(home), `.removed-${id}-${process.pid}`);
  try {
    renameSync(directory, doomed);
    rmSync(doomed, { recursive: true, force: true });
  } catch (error) {
    throw homeError(error, directory);
  }
}

/** A run that is queued or running is not removed. */
export function liveRunError(id: string): FoveaError {
  return new FoveaError({
    code: "FOV0071",
    message: `${id} is running`,
    value: id,
    fix: `stop it first: fovea runs cancel ${id}`,
  });
}

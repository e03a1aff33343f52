import { setTimeout as sleep } from "node:timers/promises";
import { FoveaError } from "../ir/error.js";
import { launcherOf } from "../launch/launchers.js";
import { recordEnd } from "./end-alone.js";
import { findRun } from "./find-run.js";
import { otherHost } from "./life.js";
import { readStatus } from "./records.js";
import { isLive, type RunRow } from "./run-row.js";
import { underWay } from "./under-way.js";

const LOOK_MS = 100;

/**
 * Asks a live run to stop after a checkpoint, and waits until it has.
 *
 * @returns the run as it ended
 * @throws FoveaError FOV0070 for an unknown id, FOV0071 where the run is over or on another machine
 */
export async function cancelRun(
  home: string,
  id: string,
  note: (text: string) => void,
): Promise<RunRow> {
  const { dir, status } = findRun(home, id);
  const stands = readStatus(dir);
  if (!isLive(dir) || !("value" in stands)) {
    throw new FoveaError({
      code: "FOV0071",
      message: `${id} is not running: it is ${status}`,
      value: id,
      allowed: "a run that is queued or running",
      fix: "`fovea runs list` shows how each run stands",
    });
  }
  const host = otherHost(stands.value);
  if (host !== null) {
    throw new FoveaError({
      code: "FOV0071",
      message: `${id} is running on ${host}, and cannot be reached from here`,
      value: id,
      fix: `there: fovea runs cancel ${id}`,
    });
  }
  launcherOf(stands.value.launcher).ask(underWay(dir), "SIGINT", note);
  note(`stopping ${id}`);
  while (isLive(dir)) await sleep(LOOK_MS);
  await recordEnd(dir);
  return findRun(home, id);
}

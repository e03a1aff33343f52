import { hostname } from "node:os";
import { join } from "node:path";
import type { StatusRecord } from "../ir/run.js";
import { launcherOf } from "../launch/launchers.js";
import { isAlive } from "../launch/process-identity.js";
import { processesOf } from "../launch/processes-of.js";
import { beatFile, beatsNow } from "./beat.js";
import { others, readOwner } from "./claim.js";
import { homeOf, ownerLock } from "./claim-run.js";

/** Where a pid of a run's status means something, if that is another machine. */
export function otherHost(status: StatusRecord): string | null {
  const { host, job } = status;
  return job !== null || host === null || host === hostname() ? null : host;
}

/** What a training writes again and again for other machines. */
export function pulseFile(directory: string): string {
  return join(directory, "pulse");
}

/** What is written again and again while a run lives: by its training, and by who records its end. */
export function signsOfLife(directory: string): readonly string[] {
  const owners = others(ownerLock(directory)).map((file) => readOwner(file)?.beat ?? null);
  const beats = owners
    .filter((beat) => beat !== null)
    .map((beat) => beatFile(homeOf(directory), beat));
  return [pulseFile(directory), ...beats];
}

/** Whether a run that says that it is under way is so. */
export function hasLife(directory: string, status: StatusRecord): boolean {
  // A scheduler that does not answer has not said that the job is gone.
  if (status.job !== null) return launcherOf(status.launcher).status(status) !== "gone";
  if (otherHost(status) !== null) {
    return beatsNow(homeOf(directory), signsOfLife(directory));
  }
  if (isAlive(status)) return true;
  // Who started it may have been killed before Python wrote its own pid.
  return status.status === "queued" && isTrainedHere(directory);
}

/** Whether a process of this machine trains a run, whatever its records say. */
export function isTrainedHere(directory: string): boolean {
  return processesOf(directory).some(isAlive);
}

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, startOf } from "../launch/process-identity.js";
import { homeError } from "./home-error.js";

/** Gives up a claim. */
export type Release = () => void;

/**
 * Takes a run for this process, so that two `--resume` do not train it at once. A claim whose
 * process is gone counts for nothing.
 *
 * @returns `null` where a live process has it
 */
export function claimRun(directory: string): Release | null {
  const path = join(directory, "owner.lock");
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, own, { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw homeError(error, path);
    }
    const found = read(path);
    if (found !== null && isOwned(found)) return null;
    moveStaleAway(path, found);
  }
  return null;
}

/** Of several that find a claim stale one moves it away, and puts back what it moved by mistake. */
function moveStaleAway(path: string, found: string | null): void {
  const stale = `${path}.${process.pid}`;
  try {
    renameSync(path, stale);
    if (read(stale) === found) rmSync(stale, { force: true });
    else renameSync(stale, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw homeError(error, path);
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function isOwned(claim: string): boolean {
  try {
    return isAlive(JSON.parse(claim));
  } catch {
    return false;
  }
}

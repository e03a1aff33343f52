import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../disk/make-folder.js";
import { homeError } from "./home-error.js";

/** Where a home keeps its runs. */
export function runsDirectory(home: string): string {
  return join(home, "runs");
}

/** Ids are names of folders; nothing else is looked up on the disk. */
export function isRunId(id: string): boolean {
  return /^[a-z][a-z0-9_-]{0,120}$/.test(id);
}

/** The folders in `runs/` whose names can be ids, sorted; none where there is no such folder. */
export function runFolders(home: string): readonly string[] {
  try {
    return readdirSync(runsDirectory(home), { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && isRunId(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

/** Names in `runs/` that begin so: looked for without sorting thousands of others. */
export function runFoldersOf(home: string, prefix: string): readonly string[] {
  try {
    return readdirSync(runsDirectory(home)).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

/** What the ids of all runs of an experiment begin with. */
export function runPrefix(name: string, hash: string): string {
  return `${name}-${hash.slice(0, 8)}-`;
}

/**
 * Makes a new run's folder. The counter is taken by `mkdir`, which only one of several processes
 * succeeds in.
 *
 * @param hash - the experiment's; its first eight digits are in the id
 * @returns the id, `<name>-<8 digits>-<counter>`, and the folder
 * @throws FoveaError FOV0051 where the home cannot be written
 */
export function makeRunDirectory(
  home: string,
  name: string,
  hash: string,
): { id: string; directory: string } {
  const runs = runsDirectory(home);
  const prefix = runPrefix(name, hash);
  try {
    makeFolder(runs);
    const taken = runFoldersOf(home, prefix)
      .map((folder) => Number(folder.slice(prefix.length)))
      .filter(Number.isSafeInteger);
    for (let counter = Math.max(0, ...taken) + 1; ; counter += 1) {
      const id = `${prefix}${counter}`;
      const directory = join(runs, id);
      if (made(directory)) return { id, directory };
    }
  } catch (error) {
    throw homeError(error, runs);
  }
}

function made(directory: string): boolean {
  try {
    mkdirSync(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

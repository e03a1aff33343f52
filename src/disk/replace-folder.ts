import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Carried, carryOver, moveNews, setMode } from "./carry-over.js";
import { diskError } from "./disk-error.js";
import { exchangeFolders } from "./exchange-folders.js";
import { besides, discard } from "./leftovers.js";
import { makeFolder } from "./make-folder.js";
import { syncToDisk } from "./sync-to-disk.js";
import { walk } from "./walk.js";
import { type NewFile, writeFiles } from "./write-files.js";

/** What becomes of a folder; what is not named stays as it is. */
export interface FolderChange {
  readonly written: readonly NewFile[];
  /** Paths of files, relative to the folder. */
  readonly removed: readonly string[];
}

/** Why a folder cannot get another name: a mount point, a lower layer of an overlay, an open file. */
const UNMOVABLE: ReadonlySet<string> = new Set(["EXDEV", "EBUSY", "EPERM", "EACCES"]);

/**
 * Changes files of a folder all at once: a new folder is made beside it, of new files and of hard
 * links to those that stay, put on the disk and given the place. A kill at any instant leaves the
 * old folder or the new one; what is left beside it, `recoverFolder` removes.
 *
 * Where the system cannot exchange two names there is an instant with none of the two in the place,
 * which `recoverFolder` ends as well. A folder that cannot be renamed at all is changed in place, a
 * file at a time, in the order of `written`.
 *
 * @param folder - real path; made with those above it where it is missing
 * @throws FoveaError FOV0051 where the disk refuses; the folder is as it was
 */
export function replaceFolder(folder: string, change: FolderChange): void {
  const id = randomUUID();
  const part = besides(folder, "part", id);
  const made: string[] = [];
  try {
    makeFolder(dirname(folder), made);
    const stands = isFilled(folder);
    mkdirSync(part);
    const leaves = leavesBehind(change);
    const carried = stands ? carryOver(folder, part, leaves) : new Map();
    writeFiles(part, change.written);
    if (stands) setMode(folder, part);
    syncAll(part, change.written);
    const next = besides(folder, "new", id);
    renameSync(part, next);
    if (stands) swap({ folder, next, id, change, leaves, carried });
    else renameSync(next, folder);
    syncToDisk(dirname(folder));
  } catch (error) {
    for (const stage of ["part", "new"] as const) discard(folder, besides(folder, stage, id), id);
    for (const each of made.reverse()) removeEmpty(each);
    throw diskError(error, folder);
  }
}

interface Swap {
  readonly folder: string;
  /** The complete new folder. */
  readonly next: string;
  readonly id: string;
  readonly change: FolderChange;
  readonly leaves: (path: string) => boolean;
  readonly carried: Carried;
}

function swap({ folder, next, id, change, leaves, carried }: Swap): void {
  const old = besides(folder, "old", id);
  if (exchangeFolders(next, folder)) {
    moveNews(next, folder, leaves, carried);
    discard(folder, next, id);
    return;
  }
  try {
    renameSync(folder, old);
  } catch (error) {
    if (!UNMOVABLE.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    changeInPlace(folder, change);
    discard(folder, next, id);
    return;
  }
  try {
    renameSync(next, folder);
  } catch (error) {
    renameSync(old, folder);
    throw error;
  }
  moveNews(old, folder, leaves, carried);
  discard(folder, old, id);
}

function changeInPlace(folder: string, { written, removed }: FolderChange): void {
  writeFiles(folder, written);
  for (const path of removed) rmSync(join(folder, path), { force: true });
}

/**
 * What is not carried over: files that are written or removed, and what Python compiled of them: it
 * takes a compiled file for fresh where size and second are the same.
 */
function leavesBehind({ written, removed }: FolderChange): (path: string) => boolean {
  const paths = [...written.map(({ path }) => path), ...removed];
  const own = new Set(paths);
  const compiled = paths.flatMap((path) => {
    const [, parent = "", stem] = /^(.*\/)?([^/]*)\.py$/.exec(path) ?? [];
    return stem === undefined ? [] : [`${parent}__pycache__/${stem}.`];
  });
  return (path) => own.has(path) || compiled.some((start) => path.startsWith(start));
}

function isFilled(folder: string): boolean {
  return (
    statSync(folder, { throwIfNoEntry: false }) !== undefined && readdirSync(folder).length > 0
  );
}

function syncAll(folder: string, written: readonly NewFile[]): void {
  for (const { path } of written) syncToDisk(join(folder, path));
  walk(folder, (path, entry) => {
    if (entry.isDirectory()) syncToDisk(join(folder, path));
  });
  syncToDisk(folder);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something by now.
  }
}

import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  type Stats,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "./make-folder.js";
import { walk } from "./walk.js";

/** Files as they were when they were carried over, by path relative to the folder. */
export type Carried = ReadonlyMap<string, Stats>;

/**
 * Puts what a folder holds into another as well, by hard links where the file system has them.
 *
 * @param leaves - whether the file or link of this path, relative to the folder, stays behind
 * @returns what was carried over
 */
export function carryOver(from: string, to: string, leaves: (path: string) => boolean): Carried {
  const carried = new Map<string, Stats>();
  walk(from, (path, entry) => {
    const target = join(to, path);
    const source = join(from, path);
    if (entry.isDirectory()) {
      if (readdirSync(source).length === 0) makeFolder(target);
      return;
    }
    if (leaves(path)) return;
    const stats = lstatSync(source, { throwIfNoEntry: false });
    if (stats === undefined) return;
    makeFolder(dirname(target));
    duplicate(source, target, stats);
    carried.set(path, stats);
  });
  walk(from, (path, entry) => {
    if (entry.isDirectory()) setMode(join(from, path), join(to, path));
  });
  return carried;
}

/** Gives a folder, where it is there, the mode of another. */
export function setMode(from: string, to: string): void {
  const stats = lstatSync(to, { throwIfNoEntry: false });
  const mode = lstatSync(from).mode & 0o7777;
  if (stats?.isDirectory() && (stats.mode & 0o7777) !== mode) chmodSync(to, mode);
}

/**
 * Moves what came into a folder, or was replaced there, after it was carried over.
 *
 * @param leaves - as it was for {@link carryOver}
 */
export function moveNews(
  from: string,
  to: string,
  leaves: (path: string) => boolean,
  carried: Carried,
): void {
  walk(from, (path, entry) => {
    if (entry.isDirectory() || leaves(path) || basename(dirname(path)) === "__pycache__") return;
    const source = join(from, path);
    const [before, now] = [carried.get(path), lstatSync(source)];
    if (before !== undefined && isSame(before, now)) return;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    renameSync(source, join(to, path));
  });
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.size === b.size;
}

/** A hard link; a copy, with its times, where there can be none. A symbolic link stays one. */
function duplicate(source: string, target: string, stats: Stats): void {
  if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(source), target);
    return;
  }
  try {
    linkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    copyFileSync(source, target);
    utimesSync(target, stats.atime, stats.mtime);
  }
}

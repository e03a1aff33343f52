import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { isAlive } from "../launch/process-identity.js";
import { BeatWatch, beatFile } from "./beat.js";
import { others, ownerOf } from "./claim.js";
import { ownerLock } from "./claim-run.js";
import { isRunId, runsDirectory } from "./run-directory.js";

/** Something that a kill left behind. */
export interface Garbage {
  readonly kind:
    | "removed run"
    | "unborn run"
    | "claim"
    | "temporary file"
    | "sign of life"
    | "index row"
    | "checkpoint";
  /** Absolute; of a row of the index the run's id. */
  readonly path: string;
  readonly bytes: number;
}

/** What is younger than this may be of a process that is about to go on. */
const YOUNG_MS = 3_600_000;
const TEMPORARY = ".tmp";

/** What stands here, with the bytes that it takes. */
function garbage(kind: Garbage["kind"], path: string): Garbage {
  return { kind, path, bytes: sizeOf(path) };
}

/** Folders of removals that were cut short, and folders that never became a run. */
export function deadFolders(home: string): readonly Garbage[] {
  const runs = runsDirectory(home);
  return names(runs).flatMap((name) => {
    const path = join(runs, name);
    if (isCutShort(name)) return [garbage("removed run", path)];
    return isRunId(name) && isUnborn(home, path) ? [garbage("unborn run", path)] : [];
  });
}

/** `.removed-ID-PID`, whose process is gone. */
function isCutShort(name: string): boolean {
  const [, pid] = /^\.removed-.*-(\d+)$/.exec(name) ?? [];
  return pid !== undefined && !isAlive({ pid: Number(pid), started: null });
}

/** Made by a process that was killed before it wrote `run.json`, which is the first thing in it. */
function isUnborn(home: string, path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory() || isYoung(stats.mtimeMs)) return false;
  const claims = others(ownerLock(path)).map((file) => basename(file));
  return (
    names(path).every((name) => name.endsWith(TEMPORARY) || claims.includes(name)) &&
    ownerOf(home, ownerLock(path), new BeatWatch()) === null
  );
}

/** Files that were to be renamed when they were whole, in the folders where fovea writes some. */
export function temporaryFiles(directory: string): readonly Garbage[] {
  return [directory, join(directory, "checkpoints"), ...foldersBelow(join(directory, "package"))]
    .flatMap((folder) => names(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(TEMPORARY) && isFile(path))
    .map((path) => garbage("temporary file", path));
}

/** Claims of a run that nobody alive has; none where somebody does. */
export function deadClaims(home: string, directory: string): readonly Garbage[] {
  const lock = ownerLock(directory);
  const files = others(lock);
  if (files.length === 0 || ownerOf(home, lock, new BeatWatch()) !== null) return [];
  return files.map((path) => garbage("claim", path));
}

/** Signs of life of processes of this machine that are gone. */
export function deadBeats(home: string): readonly Garbage[] {
  return names(join(home, "beats"))
    .map((name) => beatFile(home, name))
    .filter((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined || !stats.isFile() || isYoung(stats.mtimeMs)) return false;
      const [host, pid] = textOf(path).split(" ");
      return host === hostname() && !isAlive({ pid: Number(pid), started: null });
    })
    .map((path) => garbage("sign of life", path));
}

/** All checkpoints of a run. */
export function checkpointFiles(directory: string): readonly Garbage[] {
  const folder = join(directory, "checkpoints");
  return names(folder)
    .filter((name) => name.endsWith(".pt"))
    .map((name) => garbage("checkpoint", join(folder, name)));
}

function isYoung(timeMs: number): boolean {
  return Date.now() - timeMs < YOUNG_MS;
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function foldersBelow(folder: string): readonly string[] {
  return [
    folder,
    ...names(folder)
      .map((name) => join(folder, name))
      .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
      .flatMap(foldersBelow),
  ];
}

/** Bytes of a file, or of all files below a folder; a link is followed nowhere. */
function sizeOf(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.size;
  return names(path).reduce((total, name) => total + sizeOf(join(path, name)), 0);
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

import { closeSync, fstatSync, futimesSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** How often who has something says that it lives. Python's `pulse.py` has the same. */
export const BEAT_MS = 5000;
/** A silence of so long is death, for other machines; on its own a process is looked at itself. */
export const SILENCE_MS = 45_000;

/** What a file looks like: another text when it was written again. */
export function printOf(path: string): string | null {
  const stat = statOf(path);
  return stat === null ? null : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

/**
 * Says that the owner of an open file lives: its last byte, white space, is written again, so that
 * the file's time is that of the file system.
 */
export function beat(file: number, last: number): void {
  try {
    writeSync(file, last % 2 === 0 ? "\n" : " ", fstatSync(file).size - 1);
  } catch {
    // A full disk may refuse even that.
    const now = Date.now() / 1000;
    futimesSync(file, now, now);
  }
}

/**
 * Which of several files change, by this process's own clock that never goes back: neither the
 * machines' clocks nor that of the file system need agree, and they may be set back.
 */
export class BeatWatch {
  readonly #seen = new Map<string, { readonly print: string | null; readonly since: number }>();

  /** Milliseconds for which a file was seen to stay as it is: 0 at the first look. */
  silence(path: string): number {
    const print = printOf(path);
    const now = performance.now();
    const before = this.#seen.get(path);
    if (before?.print === print) return now - before.since;
    this.#seen.set(path, { print, since: now });
    return 0;
  }
}

/**
 * Whether one of some files was written within the silence that is death, by the clock of the file
 * system that they are on. For a look; who takes something away watches it (see {@link BeatWatch}).
 *
 * @param home - where that clock can be read, if it can be written
 */
export function beatsNow(home: string, paths: readonly string[]): boolean {
  const now = fileSystemTime(home);
  return paths.some((path) => {
    const stat = statOf(path);
    // A time far ahead is of a clock that was set back since: who lives writes again soon.
    return stat !== null && Math.abs(now - Number(stat.mtimeNs / 1_000_000n)) < SILENCE_MS;
  });
}

/** Network disks ask their server for a file's time when it is opened, and may not before. */
function statOf(path: string): {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
} | null {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    return fstatSync(file, { bigint: true });
  } finally {
    closeSync(file);
  }
}

const KEPT_MS = 1000;
let read: { readonly home: string; readonly time: number; readonly at: number } | undefined;

/** Milliseconds of the clock that files below a folder get their times from. */
function fileSystemTime(home: string): number {
  const at = performance.now();
  if (read?.home === home && at - read.at < KEPT_MS) return read.time + at - read.at;
  read = { home, time: askFileSystem(home), at };
  return read.time;
}

function askFileSystem(home: string): number {
  const path = join(home, `.now-${process.pid}`);
  try {
    const file = openSync(path, "w");
    try {
      writeSync(file, " ");
      return fstatSync(file).mtimeMs;
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
  } catch {
    // Where nothing can be written this machine's clock has to do.
    return Date.now();
  }
}

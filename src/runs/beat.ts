import { randomUUID } from "node:crypto";
import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../disk/make-folder.js";
import { machineId } from "../launch/machine.js";
import { isAlive, startOf } from "../launch/process-identity.js";

/** How often who has something says that it lives. Python's `pulse.py` has the same. */
export const BEAT_MS = 5000;
/** A silence of so long is death, for other machines; on its own a process is looked at itself. */
export const SILENCE_MS = 45_000;

/** What a file looks like: another text when it was written again. */
export function printOf(path: string): string | null {
  const stat = statOf(path);
  return stat === null ? null : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

/** The sign of life of this process in a home: one file, whatever it has there. */
export interface Beating {
  /** Its name among those of other processes. */
  readonly id: string;
  stop(): void;
}

interface Beater extends Beating {
  users: number;
}

const beaters = new Map<string, Beater>();

/** The file of a process that says of itself that it lives. */
export function beatFile(home: string, id: string): string {
  return join(home, "beats", id);
}

/**
 * Says that this process lives until all that asked for it have stopped it.
 *
 * @throws Error the system's, where the home cannot be written
 */
export function keepBeating(home: string): Beating {
  const found = beaters.get(home) ?? startBeating(home);
  found.users += 1;
  beaters.set(home, found);
  let stopped = false;
  return {
    id: found.id,
    stop: () => {
      if (stopped) return;
      stopped = true;
      found.users -= 1;
      if (found.users > 0) return;
      beaters.delete(home);
      found.stop();
    },
  };
}

function startBeating(home: string): Beater {
  const id = randomUUID();
  const path = beatFile(home, id);
  const { pid } = process;
  const own = JSON.stringify({ pid, started: startOf(pid), machine: machineId() });
  let count = 0;
  // Written, not touched: the file's time is then that of the file system.
  const write = (): void => writeFileSync(path, `${own}\n${count++}\n`);
  quietly(() => removeDead(dirname(path)));
  inFolder(dirname(path), write);
  const timer = setInterval(() => quietly(write), BEAT_MS).unref();
  const stop = (): void => {
    clearInterval(timer);
    quietly(() => rmSync(path, { force: true }));
    quietly(() => rmdirSync(dirname(path)));
  };
  return { id, users: 0, stop };
}

/** What processes of this machine left that were killed. */
function removeDead(folder: string): void {
  for (const name of readdirSync(folder)) {
    quietly(() => {
      const [owner = ""] = readFileSync(join(folder, name), "utf8").split("\n");
      const { machine, pid, started } = JSON.parse(owner);
      if (machine === machineId() && !isAlive({ pid, started })) rmSync(join(folder, name));
    });
  }
}

/** Another process may remove a folder that is empty in between. */
export function inFolder<T>(folder: string, action: () => T): T {
  for (let attempt = 1; ; attempt += 1) {
    makeFolder(folder);
    try {
      return action();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === 10) throw error;
    }
  }
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // The disk is full or gone, or others beat there too.
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

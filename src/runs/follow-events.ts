import { closeSync, openSync, readSync, watch } from "node:fs";
import { statOf } from "../disk/stat-of.js";
import { parseEventLine } from "./event-line.js";
import { EventScanner, type EventVisitor } from "./event-scanner.js";
import { eventsFile } from "./scan-events.js";

const CHUNK = 256 * 1024;
/** How often the file is looked at, where the system does not tell of a change (network disks). */
const POLL_MS = 200;

/** A place between two lines of `events.jsonl`: what stands before it. */
export interface EventPlace {
  readonly bytes: number;
  readonly lines: number;
}

/** Takes what is in an `events.jsonl` while it grows. */
export interface FollowVisitor extends EventVisitor {
  /** All complete lines that there were have been given out. */
  caughtUp?(place: EventPlace): void;
  /**
   * The file is another one, or shorter than what was given out, or unreadable: nothing more will
   * come. Somebody has edited it.
   */
  replaced?(): void;
}

/** A follower of a growing `events.jsonl`. */
export interface Follower {
  /** Reads what is left and stops. */
  stop(): void;
}

/**
 * Gives out the events of a run as they are written, the present ones first. A last line without
 * its newline is read again every time: it may be cut off when the run is resumed.
 *
 * @param skip - bytes at the file's beginning that are not read: what an earlier part of a
 *   resumed run wrote
 * @param line - how many lines those are, where the numbers of bad lines matter
 */
export function followEvents(
  directory: string,
  visitor: FollowVisitor,
  skip = 0,
  line = 0,
): Follower {
  const path = eventsFile(directory);
  const scanner = new EventScanner(visitor, line);
  const chunk = Buffer.allocUnsafe(CHUNK);
  let file: number | null = null;
  let inode = 0;
  let position = skip;
  let seen = -1;
  let lost = false;

  const read = (): void => {
    const found = statOf(path);
    if (lost || found === null) return;
    if (file !== null && found.size === seen && found.ino === inode) return;
    file ??= openQuietly(path);
    if (file === null) return;
    if (seen === -1) inode = found.ino;
    seen = found.size;
    lost = found.size < position || found.ino !== inode || !take(file);
    if (lost) {
      visitor.replaced?.();
      return;
    }
    position -= scanner.dropRest();
    visitor.caughtUp?.({ bytes: position, lines: scanner.lines });
  };
  const take = (from: number): boolean => {
    try {
      for (;;) {
        const bytes = readSync(from, chunk, 0, CHUNK, position);
        if (bytes === 0) return true;
        position += bytes;
        scanner.push(chunk.subarray(0, bytes));
      }
    } catch {
      return false;
    }
  };
  const takeUnended = (from: number): void => {
    if (lost || !take(from)) return;
    // Only its newline may be missing.
    const last = parseEventLine(scanner.rest);
    if (!("problem" in last)) visitor.event(last);
  };

  const timer = setInterval(read, POLL_MS);
  const watcher = watchQuietly(directory, read);
  read();
  let stopped = false;
  return {
    stop: () => {
      if (stopped) return;
      stopped = true;
      clearInterval(timer);
      watcher?.close();
      read();
      if (file === null) return;
      takeUnended(file);
      closeSync(file);
      file = null;
    },
  };
}

function openQuietly(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch {
    return null;
  }
}

/** Watching is a convenience: where the system refuses it, polling does. */
function watchQuietly(directory: string, onChange: () => void): { close(): void } | null {
  try {
    const watcher = watch(directory, (_, name) => {
      if (name === "events.jsonl") onChange();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}

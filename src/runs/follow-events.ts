import { closeSync, openSync, readSync, watch } from "node:fs";
import { parseEventLine } from "./event-line.js";
import { EventScanner, type EventVisitor } from "./event-scanner.js";
import { eventsFile } from "./scan-events.js";

const CHUNK = 256 * 1024;
/** How often the file is looked at, where the system does not tell of a change (network disks). */
const POLL_MS = 200;

/** A follower of a growing `events.jsonl`. */
export interface Follower {
  /** Reads what is left and stops. */
  stop(): void;
}

/**
 * Gives out the events of a run as they are written, the present ones first.
 *
 * @param skip - bytes at the file's beginning that are not read: what an earlier part of a
 *   resumed run wrote
 * @param line - how many lines those are, where the numbers of bad lines matter
 */
export function followEvents(
  directory: string,
  visitor: EventVisitor,
  skip = 0,
  line = 0,
): Follower {
  const path = eventsFile(directory);
  const scanner = new EventScanner(visitor, line);
  const chunk = Buffer.allocUnsafe(CHUNK);
  let file: number | null = null;
  let position = skip;

  const read = (): void => {
    if (file === null) {
      try {
        file = openSync(path, "r");
      } catch {
        return;
      }
    }
    for (;;) {
      const bytes = readSync(file, chunk, 0, CHUNK, position);
      if (bytes === 0) return;
      position += bytes;
      scanner.push(chunk.subarray(0, bytes));
    }
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
      if (file !== null) closeSync(file);
      file = null;
      // Only its newline may be missing.
      const last = parseEventLine(scanner.rest);
      if (!("problem" in last)) visitor.event(last);
    },
  };
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

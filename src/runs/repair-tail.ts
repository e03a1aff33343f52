import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import type { Event } from "../ir/event.js";
import { parseEventLine } from "./event-line.js";
import { eventsFile } from "./scan-events.js";

const BLOCK = 64 * 1024;
const NEWLINE = 0x0a;

/** Where a run's events end after {@link repairTail}. */
export interface Tail {
  /** Size of the file in bytes. */
  readonly size: number;
  /** The last line that is an event. */
  readonly last: Event | null;
}

/**
 * Mends a torn last line: it gets its newline where it is a whole event, and is cut off where it
 * is not. No line that was ended is touched.
 */
export function repairTail(directory: string): Tail {
  let file: number;
  try {
    file = openSync(eventsFile(directory), "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return { size: 0, last: null };
    }
    throw error;
  }
  try {
    const lines = backwards(file);
    const torn = lines.next().value;
    let size = fstatSync(file).size;
    if (torn !== undefined && torn.length > 0) {
      if ("problem" in parseEventLine(torn.toString("utf8"))) {
        size -= torn.length;
        ftruncateSync(file, size);
      } else {
        size += writeSync(file, "\n", size);
      }
    }
    return { size, last: lastEvent(backwards(file)) };
  } finally {
    closeSync(file);
  }
}

/** The last line of a run's events that is an event; nothing is mended. */
export function lastRecorded(directory: string): Event | null {
  let file: number;
  try {
    file = openSync(eventsFile(directory), "r");
  } catch {
    return null;
  }
  try {
    return lastEvent(backwards(file));
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

function lastEvent(lines: Iterable<Buffer>): Event | null {
  for (const line of lines) {
    const read = parseEventLine(line.toString("utf8"));
    if (!("problem" in read)) return read;
  }
  return null;
}

/** The lines of a file from its end; the first one is what stands after the last newline. */
function* backwards(file: number): Generator<Buffer, undefined> {
  let position = fstatSync(file).size;
  let line: Buffer = Buffer.alloc(0);
  while (position > 0) {
    const length = Math.min(BLOCK, position);
    position -= length;
    const block = Buffer.alloc(length);
    readSync(file, block, 0, length, position);
    let end = length;
    for (let at = block.lastIndexOf(NEWLINE); at !== -1; ) {
      yield Buffer.concat([block.subarray(at + 1, end), line]);
      line = Buffer.alloc(0);
      end = at;
      at = at === 0 ? -1 : block.lastIndexOf(NEWLINE, at - 1);
    }
    line = Buffer.concat([block.subarray(0, end), line]);
  }
  yield line;
}

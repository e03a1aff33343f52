import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { parseEventLine } from "./event-line.js";
import { EventScanner, type EventVisitor } from "./event-scanner.js";

const CHUNK = 1024 * 1024;

/** Path of a run's events. */
export function eventsFile(directory: string): string {
  return join(directory, "events.jsonl");
}

/**
 * Reads all events of a run, in a flat amount of memory. A run without the file has none; a torn
 * last line is left out. What the system refuses to read is a problem of the line that it would be:
 * one run with such a file must not hide all others.
 */
export function scanEvents(directory: string, visitor: EventVisitor): void {
  const scanner = new EventScanner(visitor);
  try {
    readInto(scanner, eventsFile(directory));
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") {
      visitor.problem?.({ line: scanner.lines + 1, message: `cannot be read: ${code}` });
    }
    return;
  }
  // Only its newline may be missing.
  const last = parseEventLine(scanner.rest);
  if (!("problem" in last)) visitor.event(last);
}

function readInto(scanner: EventScanner, path: string): void {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const bytes = readSync(file, chunk, 0, CHUNK, null);
      if (bytes === 0) break;
      scanner.push(chunk.subarray(0, bytes));
    }
  } finally {
    closeSync(file);
  }
}

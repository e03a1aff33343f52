import { open } from "node:fs/promises";
import { EventScanner, type EventVisitor } from "./event-scanner.js";
import type { EventPlace } from "./follow-events.js";
import { eventsFile } from "./scan-events.js";

/** A few milliseconds of work. */
const CHUNK = 512 * 1024;

/**
 * Reads the complete lines of a run's events, and lets other work run in between: a run may have
 * a million of them. What the system refuses to read is left out.
 *
 * @returns where they end, for who wants to follow from there
 */
export async function readEvents(directory: string, visitor: EventVisitor): Promise<EventPlace> {
  const scanner = new EventScanner(visitor);
  const file = await open(eventsFile(directory), "r").catch(() => null);
  if (file === null) return { bytes: 0, lines: 0 };
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let position = 0;
    for (;;) {
      const { bytesRead } = await file
        .read(chunk, 0, CHUNK, position)
        .catch(() => ({ bytesRead: 0 }));
      if (bytesRead === 0) break;
      position += bytesRead;
      scanner.push(chunk.subarray(0, bytesRead));
    }
    return { bytes: position - scanner.dropRest(), lines: scanner.lines };
  } finally {
    await file.close();
  }
}

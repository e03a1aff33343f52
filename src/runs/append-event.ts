import { appendFileSync } from "node:fs";
import type { Event } from "../ir/event.js";
import { repairTail } from "./repair-tail.js";
import { eventsFile } from "./scan-events.js";

/** Events that the harness writes itself, while no training process does. */
type HarnessEvent = Extract<Event, { type: "warning" | "run_end" }>;
type Body<E> = E extends HarnessEvent ? Omit<E, "v" | "seq" | "time"> : never;

/**
 * Adds an event to a run that no other process writes to; a torn last line is mended first.
 *
 * @throws Error the system's, where the file cannot be written
 */
export function appendEvent(directory: string, body: Body<HarnessEvent>): void {
  const { last } = repairTail(directory);
  const head = {
    v: 1,
    seq: (last?.seq ?? -1) + 1,
    time: Math.max(Date.now() / 1000, last?.time ?? 0),
  } as const;
  const event: Event = { ...head, ...body };
  appendFileSync(eventsFile(directory), `${JSON.stringify(event)}\n`, { flush: true });
}

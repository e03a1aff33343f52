import type { Event } from "../ir/event.js";
import { printable } from "../ir/printable.js";
import { eventLine } from "../report/event-line.js";
import type { LineProblem } from "../runs/event-scanner.js";
import type { ToldEvent } from "./wire.js";

/** An event in words; `null` for a `step`, of which there are too many. */
export function toldEvent(event: Event): ToldEvent | null {
  const { seq, time, type } = event;
  return type === "step" ? null : { seq, time, type, text: eventLine(event) };
}

/** A line that is no event, fit to be shown. */
export function toldProblem({ line, message }: LineProblem): LineProblem {
  return { line, message: printable(message) };
}

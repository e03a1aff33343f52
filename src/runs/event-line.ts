import { Event, type EventType } from "../ir/event.js";

/** A line that is no event. */
export interface BadLine {
  readonly problem: string;
}

const TYPES: ReadonlySet<string> = new Set<EventType>(
  Event.options.map((option) => option.shape.type.value),
);

/**
 * Reads one line of `events.jsonl`. What every event has is looked at by hand, since a run has a
 * million `step` lines; the other types are few and go through the schema.
 */
export function parseEventLine(line: string): Event | BadLine {
  let value: Partial<Record<string, unknown>>;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: "not JSON" };
  }
  if (typeof value !== "object" || value === null) return { problem: "not an object" };
  const { v, seq, time, type } = value;
  if (v !== 1) return { problem: `version ${JSON.stringify(v)} is not 1` };
  if (!isCount(seq)) return { problem: "seq is no whole number from 0" };
  if (typeof time !== "number") return { problem: "time is no number" };
  if (type === "step")
    return isStep(value) ? (value as Event) : { problem: "a step without its fields" };
  if (typeof type !== "string" || !TYPES.has(type)) {
    return { problem: `unknown type ${JSON.stringify(type)}` };
  }
  const parsed = Event.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return { problem: `${type}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}` };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isFiniteOrNull(value: unknown): boolean {
  return value === null || typeof value === "number";
}

function isStep(value: Partial<Record<string, unknown>>): boolean {
  return (
    isCount(value["step"]) &&
    typeof value["epoch"] === "number" &&
    typeof value["lr"] === "number" &&
    isFiniteOrNull(value["loss"]) &&
    isFiniteOrNull(value["images_per_second"]) &&
    isFiniteOrNull(value["grad_norm"])
  );
}

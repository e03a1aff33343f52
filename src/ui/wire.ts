import type { Event, EventType } from "../ir/event.js";
import type { RunView } from "../report/components/view.js";
import type { LineProblem } from "../runs/event-scanner.js";
import type { EventPlace } from "../runs/follow-events.js";
import type { RunRow } from "../runs/run-row.js";

/** A run as the page lists it. */
export type ListedRow = Omit<RunRow, "dir">;

/** Where a page stands in the list of runs: which server, and how many changes it has seen. */
export interface ListPlace {
  /** Of one server: another one counts anew. */
  readonly epoch: string;
  readonly version: number;
}

/** `api/runs` */
export interface RunsAnswer extends ListPlace {
  /** Folder that the runs are in. */
  readonly home: string;
  /** Oldest first. */
  readonly runs: readonly ListedRow[];
}

/** Values by step, both lists of one length. */
export interface CurvePoints<Name extends string = string> {
  readonly name: Name;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** An event in words, fit to be shown; a `step` is none. */
export interface ToldEvent {
  readonly seq: number;
  /** Unix seconds. */
  readonly time: number;
  readonly type: Exclude<EventType, "step">;
  readonly text: string;
}

/** `api/runs/<id>` */
export interface RunAnswer {
  readonly view: RunView;
  /** Its folder. */
  readonly dir: string;
  /** Thinned: `loss` and `lr` of the steps, `density` and `churn` of the masks. */
  readonly curves: readonly CurvePoints<"loss" | "lr" | "density" | "churn">[];
  /** Of the evaluations, by metric. */
  readonly evals: readonly CurvePoints[];
  /** The last ones, oldest first. */
  readonly told: readonly ToldEvent[];
  /** Lines that are no events, the first ones. */
  readonly problems: readonly LineProblem[];
  /** Up to where the events were read. */
  readonly place: EventPlace;
}

/** Events that curves are made of. */
export type CurveEvent = Extract<Event, { type: "run_start" | "step" | "eval" | "sparsity" }>;

/** What was written to a run's events after a place, in its order. */
export interface EventsMessage {
  readonly curves: readonly CurveEvent[];
  readonly told: readonly ToldEvent[];
  readonly problems: readonly LineProblem[];
}

/** Rows that are new or have changed, and runs that are gone. */
export interface RunsMessage {
  readonly rows: readonly ListedRow[];
  readonly removed: readonly string[];
}

/** `api/runs/<id>/log` */
export interface LogAnswer {
  /** Last lines, oldest first; `null` where there is no such file. */
  readonly stdout: readonly string[] | null;
  readonly stderr: readonly string[] | null;
}

/** Written as the id of a message; after a lost connection everything behind it is sent again. */
export interface StreamPlace extends ListPlace {
  /** Of the run that is followed. */
  readonly events: EventPlace;
}

const PLACE = /^([0-9a-f]{8})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/;

export function writePlace({ epoch, version, events }: StreamPlace): string {
  return [epoch, version, events.bytes, events.lines].join(".");
}

/** @returns `null` for what {@link writePlace} has not written */
export function readPlace(text: string): StreamPlace | null {
  const [, epoch, ...numbers] = PLACE.exec(text) ?? [];
  const [version, bytes, lines] = numbers.map(Number);
  if (epoch === undefined || version === undefined) return null;
  return { epoch, version, events: { bytes: bytes ?? 0, lines: lines ?? 0 } };
}

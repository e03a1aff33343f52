import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { statOf } from "../disk/stat-of.js";
import type { Event } from "../ir/event.js";
import type { EventVisitor, LineProblem } from "../runs/event-scanner.js";
import { type EventPlace, followEvents } from "../runs/follow-events.js";
import { runsDirectory } from "../runs/run-directory.js";
import { eventsFile } from "../runs/scan-events.js";
import { EventStream } from "./event-stream.js";
import type { RunList } from "./run-list.js";
import { toldEvent, toldProblem } from "./told-event.js";
import {
  type CurveEvent,
  type EventsMessage,
  type StreamPlace,
  type ToldEvent,
  writePlace,
} from "./wire.js";

/** A page that is farther behind reads the run anew, which is thinned. */
const MOST_BEHIND = 2 * 2 ** 20;

/** What a page wants to be told. */
export interface Wish {
  readonly home: string;
  readonly list: RunList;
  /** The run whose events are followed. */
  readonly run: string | null;
  /** What the page has seen; `null` where it does not say, or what it says is nothing. */
  readonly after: StreamPlace | null;
}

/**
 * Tells a page what happens after the place where it stands: of the list what has changed, of one
 * run all events. Messages are
 * - `runs`: a {@link RunsMessage};
 * - `events`: an {@link EventsMessage};
 * - `reset`: what the page has seen is of no use, it has to read everything anew.
 *
 * Nothing is left behind when the page goes away.
 */
export async function streamChanges(response: ServerResponse, wish: Wish): Promise<void> {
  const { list, after } = wish;
  const stream = new EventStream(response);
  const releases: (() => void)[] = [];
  let isOpen = true;
  response.once("close", () => {
    isOpen = false;
    for (const release of releases) release();
  });
  const reset = (): void => {
    stream.send("reset", {});
    stream.end();
  };
  // The list is brought up to date first, so that its changes are numbered.
  const sendChanges = { listener: () => {} };
  const unfollow = await list.follow(() => sendChanges.listener());
  if (!isOpen) return unfollow();
  releases.push(unfollow);
  const directory = wish.run === null ? null : join(runsDirectory(wish.home), wish.run);
  if (after === null || after.epoch !== list.epoch || isFarBehind(directory, after.events)) {
    return reset();
  }

  const place = { ...after };
  sendChanges.listener = () => {
    const message = list.changesSince(place.version);
    place.version = list.version;
    if (message.rows.length + message.removed.length === 0) return;
    stream.send("runs", message, writePlace(place));
  };
  sendChanges.listener();
  if (directory === null) return;
  releases.push(
    followInBatches(directory, place.events, reset, (message, events) => {
      place.events = events;
      stream.send("events", message, writePlace(place));
    }),
  );
}

function isFarBehind(directory: string | null, { bytes }: EventPlace): boolean {
  if (directory === null) return false;
  return (statOf(eventsFile(directory))?.size ?? 0) - bytes > MOST_BEHIND;
}

/** @returns what ends it */
function followInBatches(
  directory: string,
  from: EventPlace,
  onReplaced: () => void,
  onBatch: (message: EventsMessage, place: EventPlace) => void,
): () => void {
  let batch = new Batch();
  let isOver = false;
  const follower = followEvents(
    directory,
    {
      event: (event) => batch.event(event),
      problem: (problem) => batch.problem(problem),
      replaced: onReplaced,
      caughtUp: (place) => {
        if (isOver || batch.isEmpty) return;
        onBatch(batch, place);
        batch = new Batch();
      },
    },
    from.bytes,
    from.lines,
  );
  return () => {
    isOver = true;
    follower.stop();
  };
}

/** What is sent at once. */
class Batch implements EventsMessage, EventVisitor {
  readonly curves: CurveEvent[] = [];
  readonly told: ToldEvent[] = [];
  readonly problems: LineProblem[] = [];

  get isEmpty(): boolean {
    return this.curves.length + this.told.length + this.problems.length === 0;
  }

  event(event: Event): void {
    if (isOfCurves(event)) this.curves.push(event);
    const told = toldEvent(event);
    if (told !== null) this.told.push(told);
  }

  problem(problem: LineProblem): void {
    this.problems.push(toldProblem(problem));
  }
}

const OF_CURVES: ReadonlySet<string> = new Set<CurveEvent["type"]>([
  "run_start",
  "step",
  "eval",
  "sparsity",
]);

function isOfCurves(event: Event): event is CurveEvent {
  return OF_CURVES.has(event.type);
}

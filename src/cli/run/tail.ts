import type { Event } from "../../ir/event.js";
import { printable } from "../../ir/printable.js";
import { eventLine } from "../../report/event-line.js";
import type { EventVisitor } from "../../runs/event-scanner.js";
import { findRun } from "../../runs/find-run.js";
import { followEvents } from "../../runs/follow-events.js";
import { lastLinesStart } from "../../runs/last-lines-start.js";
import { isLive } from "../../runs/run-row.js";
import { eventsFile } from "../../runs/scan-events.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { parseWhole } from "../whole.js";

/** Events in the JSON document, the last ones: a whole run may have a million. */
const MOST_IN_JSON = 10_000;
const LOOK_MS = 300;

/** Options of `fovea runs tail`. */
export interface TailOptions {
  /** Whether a live run is followed; it is where nothing is said. */
  readonly follow?: boolean;
  /** How many of the lines that are there are printed. */
  readonly lines?: string;
}

const LINES = { option: "--lines", least: 0, most: 1e6, unit: "lines", example: "20" } as const;

/**
 * Prints a run's events and follows it while it lives. Ctrl-C ends the command and leaves the run
 * alone.
 *
 * @throws FoveaError FOV0070 for an unknown id, FOV0040 for a wrong number of lines
 */
export async function tailRun(
  io: Io,
  home: string,
  id: string,
  options: TailOptions = {},
): Promise<ExitCode> {
  const { dir } = findRun(home, id);
  const lines = options.lines === undefined ? null : parseWhole(options.lines, LINES);
  const from = lines === null ? undefined : lastLinesStart(eventsFile(dir), lines);
  const kept: Event[] = [];
  let printed = Promise.resolve();
  const visitor: EventVisitor = {
    event: (event) => {
      if (io.json) {
        kept.push(event);
        if (kept.length > 2 * MOST_IN_JSON) kept.splice(0, kept.length - MOST_IN_JSON);
      } else {
        printed = printed.then(() => io.print(eventLine(event)));
      }
    },
    problem: ({ line, message }) => io.note(`events.jsonl:${line}: ${printable(message)}`),
  };
  const follower = followEvents(dir, visitor, from?.skip, from?.line);
  const left = options.follow === false ? false : await ended(dir);
  follower.stop();
  await printed;
  const { run, status, metrics } = findRun(home, id);
  if (io.json) await io.result({ run, status, dir, metrics, events: kept.slice(-MOST_IN_JSON) });
  return left ? EXIT.cancelled : EXIT.done;
}

/** Waits until the run is over, or for Ctrl-C: then it is `true`. */
function ended(dir: string): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (left: boolean): void => {
      clearInterval(timer);
      process.off("SIGINT", leave);
      resolve(left);
    };
    const leave = (): void => finish(true);
    const timer = setInterval(() => {
      if (!isLive(dir)) finish(false);
    }, LOOK_MS);
    process.on("SIGINT", leave);
    if (!isLive(dir)) finish(false);
  });
}

import type { Event } from "../../ir/event.js";
import { eventLine } from "../../report/event-line.js";
import { findRun } from "../../runs/find-run.js";
import { followEvents } from "../../runs/follow-events.js";
import { isLive } from "../../runs/run-row.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

/** Events in the JSON document, the last ones: a whole run may have a million. */
const MOST_IN_JSON = 10_000;
const LOOK_MS = 300;

/**
 * Prints a run's events and follows it while it lives. Ctrl-C ends the command and leaves the run
 * alone.
 *
 * @throws FoveaError FOV0070 for an unknown id
 */
export async function tailRun(io: Io, home: string, id: string): Promise<ExitCode> {
  const { dir } = findRun(home, id);
  const kept: Event[] = [];
  let printed = Promise.resolve();
  const follower = followEvents(dir, {
    event: (event) => {
      if (io.json) {
        kept.push(event);
        if (kept.length > 2 * MOST_IN_JSON) kept.splice(0, kept.length - MOST_IN_JSON);
      } else {
        printed = printed.then(() => io.print(eventLine(event)));
      }
    },
    problem: ({ line, message }) => io.note(`events.jsonl:${line}: ${message}`),
  });
  const left = await ended(dir);
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

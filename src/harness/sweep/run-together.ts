import { setTimeout as sleep } from "node:timers/promises";
import type { SweepPoint } from "../../ir/sweep.js";
import type { Claim } from "../../runs/claim.js";
import { attendRun } from "../attend-run.js";
import type { OpenRun } from "../open-run.js";
import type { PreparedRun } from "../prepare-run.js";
import { submitRuns, taskOf } from "../submit-run.js";
import { endUnsubmitted, recordingFailure } from "../train-open-run.js";
import { unlessStopped } from "../unless-stopped.js";
import { verifyRun } from "../verify-run.js";
import { attendOrphan } from "./attend-orphan.js";
import { beginTurn } from "./begin-turn.js";
import type { Coordination } from "./coordination.js";
import { endTurn } from "./end-turn.js";
import type { TurnBook } from "./turn-book.js";
import { WaitingPoints } from "./waiting-points.js";

const IDLE_MS = 200;

/** A point whose run is open and may be trained. */
interface Opened {
  readonly point: SweepPoint;
  readonly claim: Claim;
  readonly run: OpenRun;
  readonly prepared: PreparedRun;
}

/**
 * Gives every point its turn through a scheduler that takes many runs as one (Slurm's arrays): all
 * that can be started are handed over together, and attended side by side. Those that have another
 * turn are handed over together again.
 *
 * @param slots - most that are trained at a time
 */
export async function runTogether(
  turns: Coordination,
  points: readonly SweepPoint[],
  slots: number,
  book: TurnBook,
): Promise<void> {
  const waiting = new WaitingPoints(turns.observer);
  let queue = [...points];
  const again: SweepPoint[] = [];
  const orphans: Promise<void>[] = [];
  while (!book.isOver) {
    const opened: Opened[] = [];
    for (const point of queue) {
      if (book.isOver) break;
      const begun = await beginTurn(turns, point, null);
      if (begun.kind === "busy") waiting.add(point, begun);
      else if (begun.kind === "over") {
        begun.claim.release();
        if (book.take(begun.end)) again.push(point);
      } else if (begun.kind === "orphan") {
        turns.observer.waiting(point, begun.run, null);
        const { claim, directory } = begun;
        const attended = attendOrphan(directory, turns.interrupts).finally(() => claim.release());
        orphans.push(attended.then(() => void again.push(point)));
      } else opened.push({ point, ...begun });
    }
    await trainTogether(turns, opened, slots, book, again);
    if (waiting.size === 0) await Promise.all(orphans.splice(0));
    queue = again.splice(0);
    for (let point = waiting.next(); point !== undefined; point = waiting.next()) queue.push(point);
    if (queue.length > 0) continue;
    if (waiting.size === 0 && orphans.length === 0) return;
    await sleep(IDLE_MS);
  }
  await Promise.all(orphans);
}

async function trainTogether(
  turns: Coordination,
  opened: readonly Opened[],
  slots: number,
  book: TurnBook,
  again: SweepPoint[],
): Promise<void> {
  const { session, interrupts, observer } = turns;
  const left = new Set(opened);
  const over = (each: Opened, end: Parameters<typeof endTurn>[3]): void => {
    left.delete(each);
    each.run.claim.release();
    each.claim.release();
    if (book.take(endTurn(turns, each.point, each.run, end))) again.push(each.point);
  };
  try {
    const ready: Opened[] = [];
    for (const each of opened) {
      const refused = await recordingFailure(each.run, () =>
        verifyRun(session, each.run, each.prepared, interrupts, observer),
      );
      if (refused === null) ready.push(each);
      else over(each, refused);
    }
    const tasks = ready.map(({ run, prepared }) => ({ run, task: taskOf(session, run, prepared) }));
    const note = (text: string): void => observer.note(text);
    const submitted = await unlessStopped(interrupts, note, (attendant) =>
      submitRuns(tasks, Math.min(slots, ready.length), attendant),
    );
    if (submitted === null) {
      for (const each of ready) over(each, endUnsubmitted(each.run));
      return;
    }
    await Promise.all(
      submitted.map(async (each, index) => {
        const own = ready[index];
        if (own === undefined) return;
        // Of a stop it is said once, for all.
        over(own, await attendRun(each, interrupts, { note: () => {} }));
      }),
    );
  } catch (error) {
    book.stop(error);
    for (const { run, claim } of left) {
      await recordingFailure(run, () => Promise.reject(error)).catch(() => {});
      run.claim.release();
      claim.release();
    }
  }
}

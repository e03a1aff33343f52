import { setTimeout as sleep } from "node:timers/promises";
import { isFoveaError } from "../../ir/error.js";
import type { SweepPoint } from "../../ir/sweep.js";
import { trainOpenRun } from "../train-open-run.js";
import { attendOrphan } from "./attend-orphan.js";
import { type Begun, beginTurn } from "./begin-turn.js";
import type { Coordination, TurnEnd } from "./coordination.js";
import { endTurn } from "./end-turn.js";
import type { Slot } from "./slots.js";
import type { TurnBook } from "./turn-book.js";
import { WaitingPoints } from "./waiting-points.js";

const IDLE_MS = 200;
const HEARD_MS = 500;

/** Gives every point its turn, one in each slot at a time. */
export async function runInSlots(
  turns: Coordination,
  points: readonly SweepPoint[],
  slots: readonly Slot[],
  book: TurnBook,
): Promise<void> {
  const pool = new Pool(turns, points, slots, book);
  await Promise.all(slots.map((slot) => pool.work(slot)));
}

class Pool {
  readonly #turns: Coordination;
  readonly #slots: readonly Slot[];
  readonly #book: TurnBook;
  readonly #queue: SweepPoint[];
  readonly #waiting: WaitingPoints;
  /** Points whose training is alive on the GPU of another slot. */
  readonly #placed: { readonly point: SweepPoint; readonly visible: string | null }[] = [];
  /** Points that are not at their end. */
  #open: number;

  constructor(
    turns: Coordination,
    points: readonly SweepPoint[],
    slots: readonly Slot[],
    book: TurnBook,
  ) {
    this.#turns = turns;
    this.#slots = slots;
    this.#book = book;
    this.#queue = [...points];
    this.#open = points.length;
    this.#waiting = new WaitingPoints(turns.observer);
  }

  /** Takes one point after the other; what is wrong with all of them ends the work of all slots. */
  async work(slot: Slot): Promise<void> {
    while (!this.#book.isOver && this.#open > 0) {
      const point = this.#next(slot);
      if (point === undefined) {
        await sleep(IDLE_MS);
        continue;
      }
      try {
        const end = await this.#turn(point, slot);
        if (end === null) continue;
        // A terminal's Ctrl-C reaches the training, too, and may end it before it is heard here.
        if (end.status === "cancelled") await sleep(HEARD_MS);
        if (this.#book.take(end)) this.#queue.unshift(point);
        else this.#open -= 1;
      } catch (error) {
        this.#book.stop(error);
      }
    }
  }

  #next(slot: Slot): SweepPoint | undefined {
    const own = this.#placed.findIndex(({ visible }) => visible === slot.visible);
    if (own >= 0) return this.#placed.splice(own, 1)[0]?.point;
    return this.#queue.shift() ?? this.#waiting.next();
  }

  /** @returns `null` where the point has its turn later */
  async #turn(point: SweepPoint, slot: Slot): Promise<TurnEnd | null> {
    try {
      const begun = await beginTurn(this.#turns, point, slot.visible);
      if (begun.kind === "busy") {
        this.#waiting.add(point, begun);
        return null;
      }
      return await this.#goOn(point, slot, begun).finally(() => begun.claim.release());
    } catch (error) {
      // The disk takes no more, from this run or another.
      if (isFoveaError(error) && error.code === "FOV0051") throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return {
        point,
        status: "failed",
        reason,
        run: this.#turns.standings.of(point).run,
        before: false,
      };
    }
  }

  async #goOn(
    point: SweepPoint,
    slot: Slot,
    begun: Exclude<Begun, { kind: "busy" }>,
  ): Promise<TurnEnd | null> {
    if (begun.kind === "over") return begun.end;
    const { session, interrupts, observer } = this.#turns;
    if (begun.kind === "open") {
      const { run, prepared } = begun;
      const note = (text: string): void => {
        // Of a stop it is said once, for all.
        if (interrupts.presses === 0) observer.note(`${run.id}: ${text}`);
      };
      const ended = await trainOpenRun(session, run, prepared, interrupts, { note })
        .catch(asError)
        .finally(() => run.claim.release());
      return endTurn(this.#turns, point, run, ended);
    }
    const { run, directory, visible } = begun;
    if (visible !== slot.visible && this.#slots.some((each) => each.visible === visible)) {
      this.#placed.push({ point, visible });
      return null;
    }
    observer.waiting(point, run, null);
    // Its next turn finds how it ended.
    if (await attendOrphan(directory, interrupts)) this.#queue.unshift(point);
    else this.#waiting.add(point, { run, host: null });
    return null;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

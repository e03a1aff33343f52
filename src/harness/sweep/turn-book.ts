import type { EndStatus } from "../../ir/event.js";
import { findRun } from "../../runs/find-run.js";
import type { RunRow } from "../../runs/run-row.js";
import type { Coordination, TurnEnd } from "./coordination.js";

/** Keeps what the turns of a sweep came to, and says which points have another one. */
export class TurnBook {
  readonly #turns: Coordination;
  readonly #tries = new Map<string, Map<EndStatus, number>>();
  #failures = 0;
  #stopped: unknown = null;

  constructor(turns: Coordination) {
    this.#turns = turns;
  }

  /** Why nothing more is started, beside Ctrl-C; `null` where there is no reason. */
  get stopped(): unknown {
    return this.#stopped;
  }

  /** Whether nothing more is to be started. */
  get isOver(): boolean {
    const { interrupts, request } = this.#turns;
    const { maxFailures } = request;
    const failed = maxFailures !== null && this.#failures >= maxFailures;
    return interrupts.presses > 0 || failed || this.#stopped !== null;
  }

  /** Nothing more is started; what runs goes on to its end. */
  stop(reason: unknown): void {
    this.#stopped ??= reason;
  }

  /**
   * Takes the end of a turn.
   *
   * @returns whether the point has another one
   */
  take(end: TurnEnd): boolean {
    const { observer, session } = this.#turns;
    const row = end.run === null ? null : rowOf(session.home, end.run);
    const again = this.#isTriedAgain(end);
    const isFailure = end.status !== "completed" && end.status !== "cancelled";
    if (!again && isFailure) this.#failures += 1;
    observer.ended(end.point, row, end.reason ?? row?.reason ?? null, again);
    return again;
  }

  #isTriedAgain({ point, status, run }: TurnEnd): boolean {
    if (status === "completed" || this.isOver) return false;
    const { request, spoilt } = this.#turns;
    // A run that cannot go on has not been tried.
    if (run !== null && spoilt.has(run)) return true;
    const tries = this.#tries.get(point.hash) ?? new Map<EndStatus, number>();
    this.#tries.set(point.hash, tries);
    const before = tries.get(status) ?? 0;
    tries.set(status, before + 1);
    return before < (request.retry[status] ?? 0);
  }
}

function rowOf(home: string, id: string): RunRow | null {
  try {
    return findRun(home, id);
  } catch {
    // It was removed since.
    return null;
  }
}

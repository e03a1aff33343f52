import type { SweepPoint } from "../../ir/sweep.js";
import type { SweepObserver } from "./sweep-request.js";

/** How often one is looked at again; more of them are looked at less often. */
const LOOK_MS = 1000;
const LOOK_EACH_MS = 2;

/** Points that somebody else has, to be looked at again and again. */
export class WaitingPoints {
  readonly #points: { readonly point: SweepPoint; readonly at: number }[] = [];
  readonly #told = new Set<string>();
  readonly #observer: Pick<SweepObserver, "waiting">;

  constructor(observer: Pick<SweepObserver, "waiting">) {
    this.#observer = observer;
  }

  get size(): number {
    return this.#points.length;
  }

  add(
    point: SweepPoint,
    { run, host }: { readonly run: string | null; readonly host: string | null },
  ): void {
    const pause = Math.max(LOOK_MS, LOOK_EACH_MS * this.#points.length);
    // Two that gave way to each other must not meet again and again.
    const at = performance.now() + pause * (0.75 + Math.random() / 2);
    this.#points.push({ point, at });
    if (this.#told.has(point.hash)) return;
    this.#told.add(point.hash);
    this.#observer.waiting(point, run, host);
  }

  /** The one that has waited longest, where its time has come. */
  next(): SweepPoint | undefined {
    const [first] = this.#points;
    if (first === undefined || performance.now() < first.at) return undefined;
    return this.#points.shift()?.point;
  }
}

import type { Event } from "../ir/event.js";

/**
 * The time that a run was worked on. A resumed run has several parts, each from its `run_start` to
 * the last event before the next one: the pauses between them are none of its time.
 */
export class WorkedTime {
  /** Unix seconds of the first event. */
  first: number | null = null;
  /** Unix seconds of the last event. */
  last: number | null = null;
  #earlier = 0;
  #began: number | null = null;
  /** Where the part ends if a `run_start` is next: warnings may be told on the way to it. */
  #told = 0;

  /** Seconds, over all parts. */
  get worked(): number {
    return this.#earlier + this.#until(this.last ?? 0);
  }

  event({ type, time }: Event): void {
    if (type === "run_start") this.#end();
    this.first ??= time;
    this.#began ??= time;
    this.last = time;
    if (type !== "warning") this.#told = time;
    if (type === "run_end") this.#end();
  }

  #end(): void {
    this.#earlier += this.#until(this.#told);
    this.#began = null;
  }

  /** Times never run back, but in a file that was edited. */
  #until(time: number): number {
    return this.#began === null ? 0 : Math.max(0, time - this.#began);
  }
}

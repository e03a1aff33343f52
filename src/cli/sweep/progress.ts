import type { StartedPoint, SweepObserver } from "../../harness/sweep/sweep-request.js";
import { printable } from "../../ir/printable.js";
import type { Sweep, SweepPoint } from "../../ir/sweep.js";
import { duration, metricFigure } from "../../report/figures.js";
import type { RunRow } from "../../runs/run-row.js";
import type { Io } from "../io.js";
import { pointText, shortPaths } from "./axes-text.js";

/**
 * Tells on stderr how a sweep goes: a line for each run that starts or ends, and on a terminal one
 * line below them that says how the whole stands.
 */
export class SweepProgress implements SweepObserver {
  readonly #io: Io;
  readonly #names: ReadonlyMap<string, string>;
  readonly #running = new Set<string>();
  #points = 0;
  #done = 0;
  #failed = 0;
  #from = performance.now();
  #ended = 0;

  constructor(io: Io, { axes }: Sweep) {
    this.#io = io;
    this.#names = shortPaths(axes);
  }

  note(text: string): void {
    this.#line(text);
  }

  planned(points: number, done: number): void {
    this.#points = points;
    this.#done = done;
    this.#from = performance.now();
    this.#line(`${points} ${points === 1 ? "run" : "runs"}, ${done} of them done`);
  }

  started({ point, run, resumed, visible }: StartedPoint): void {
    this.#running.add(point.hash);
    const where = visible === null ? "" : ` on GPU ${visible}`;
    this.#line(
      `${run} ${resumed ? "goes on" : "started"}${where}: ${pointText(point, this.#names)}`,
    );
  }

  waiting(point: SweepPoint, run: string | null, host: string | null): void {
    const who = run ?? pointText(point, this.#names);
    this.#line(
      `${who} is run by another command${host === null ? "" : ` on ${host}`}: waiting for it`,
    );
  }

  ended(point: SweepPoint, row: RunRow | null, reason: string | null, again: boolean): void {
    this.#running.delete(point.hash);
    const status = row?.status ?? "lost";
    if (status === "completed") this.#done += 1;
    else if (!again) this.#failed += 1;
    if (!again) this.#ended += 1;
    const metrics = Object.entries(row?.metrics ?? {})
      .map(([name, value]) => `  ${name} ${metricFigure(value)}`)
      .join("");
    const why = status === "completed" || reason === null ? "" : `: ${printable(reason)}`;
    const next = again ? "; it is tried again" : "";
    const time = row === null || row.seconds === 0 ? "" : ` after ${duration(row.seconds)}`;
    const count = `[${this.#done}/${this.#points}]`;
    const who = row?.run ?? pointText(point, this.#names);
    this.#line(`${count} ${who} ${status}${time}${metrics}${why}${next}`);
  }

  /** Leaves the terminal clean. */
  end(): void {
    if (this.#io.interactive) process.stderr.write("\r\u001b[2K");
  }

  #line(text: string): void {
    this.end();
    this.#io.note(text);
    if (!this.#io.interactive || this.#points === 0) return;
    const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(this.#status().slice(0, width));
  }

  #status(): string {
    const left = this.#points - this.#done - this.#failed;
    const each = (performance.now() - this.#from) / 1000 / this.#ended;
    return [
      `${this.#done} of ${this.#points} done`,
      `${this.#running.size} running`,
      ...(this.#failed === 0 ? [] : [`${this.#failed} failed`]),
      ...(this.#ended === 0 ? [] : [`${duration(each * left)} left`]),
    ].join("  ");
  }
}

import type { Event } from "../../ir/event.js";
import { eventLine } from "../../report/event-line.js";
import { duration, figure } from "../../report/figures.js";
import { metricWithUnit } from "../../report/metric.js";
import type { Io } from "../io.js";

type Start = Extract<Event, { type: "run_start" }>;
type Step = Extract<Event, { type: "step" }>;

/** How often a plain line is printed where no line can be redrawn. */
const PLAIN_MS = 5000;
/** How often the live line is redrawn. */
const LIVE_MS = 100;

/**
 * Tells the events of a run on stderr: one line that is redrawn on a terminal, plain lines
 * elsewhere, both with loss, accuracy, images a second and the time that is left.
 */
export class Progress {
  #io: Io;
  #start: Start | null = null;
  #first: Step | null = null;
  #top1: number | null | undefined;
  #shown = Number.NEGATIVE_INFINITY;
  #drawn = false;

  constructor(io: Io) {
    this.#io = io;
  }

  /** A line of its own, above the live one. */
  note(text: string): void {
    this.#erase();
    this.#io.note(text);
  }

  event(event: Event): void {
    switch (event.type) {
      case "run_start":
        this.#start = event;
        this.#first = null;
        break;
      case "step":
        this.#first ??= event;
        this.#show(event);
        return;
      case "eval":
        this.#top1 = event.metrics["top1"];
        break;
      case "checkpoint":
      case "sparsity":
      case "run_end":
        return;
      case "kernel_methods":
      case "warning":
        break;
    }
    this.note(eventLine(event));
  }

  /** Leaves the terminal clean. */
  end(): void {
    this.#erase();
  }

  #show(step: Step): void {
    const now = performance.now();
    if (this.#start === null) return;
    if (now - this.#shown < (this.#io.interactive ? LIVE_MS : PLAIN_MS)) return;
    this.#shown = now;
    const line = this.#line(this.#start, step);
    if (!this.#io.interactive) {
      this.#io.note(line);
      return;
    }
    const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(`\r\u001b[2K${line.slice(0, width)}`);
    this.#drawn = true;
  }

  #erase(): void {
    if (!this.#drawn) return;
    process.stderr.write("\r\u001b[2K");
    this.#drawn = false;
  }

  #line(start: Start, step: Step): string {
    return [
      `step ${step.step}/${start.steps} (${Math.floor((100 * step.step) / start.steps)}%)`,
      `loss ${figure(step.loss)}`,
      this.#top1 === undefined ? null : `top1 ${metricWithUnit("top1", this.#top1)}`,
      step.images_per_second === null ? null : `${figure(step.images_per_second)} images/s`,
      this.#left(start, step),
    ]
      .filter((part) => part !== null)
      .join("  ");
  }

  /** From the steps of this part of the run: a resumed run starts in the middle. */
  #left(start: Start, step: Step): string | null {
    const first = this.#first;
    if (first === null || step.step <= first.step) return null;
    const pace = (step.time - first.time) / (step.step - first.step);
    return `${duration(pace * (start.steps - step.step))} left`;
  }
}

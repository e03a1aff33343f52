import type { JSX } from "preact";
import type { Event } from "../../ir/event.js";
import { duration, figure } from "../../report/figures.js";

interface Props {
  readonly step: number;
  /** In all; `null` where it never started. */
  readonly steps: number | null;
  readonly seconds: number;
  readonly isRunning: boolean;
  /** The last steps, for the time that is left. */
  readonly recent: readonly Extract<Event, { type: "step" }>[];
}

/** How far a run is, how fast, and how long it may still take. */
export function Progress({ step, steps, seconds, isRunning, recent }: Props): JSX.Element {
  const last = recent.at(-1);
  const left = isRunning && steps !== null ? secondsLeft(steps, recent) : null;
  return (
    <div class="progress">
      {steps === null ? null : (
        <progress max={steps} value={Math.min(step, steps)} aria-label="steps done" />
      )}
      <p class="soft">
        step {figure(step)}
        {steps === null ? "" : ` of ${figure(steps)}`} · {duration(seconds)}
        {isRunning && last !== undefined && last.images_per_second !== null
          ? ` · ${figure(Math.round(last.images_per_second))} images/s`
          : ""}
        {left === null ? "" : ` · about ${duration(left)} left`}
      </p>
    </div>
  );
}

function secondsLeft(steps: number, recent: Props["recent"]): number | null {
  const [first, last] = [recent.at(0), recent.at(-1)];
  if (first === undefined || last === undefined || last.step <= first.step) return null;
  return ((steps - last.step) * (last.time - first.time)) / (last.step - first.step);
}

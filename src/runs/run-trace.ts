import type { Event } from "../ir/event.js";
import { scanEvents } from "./scan-events.js";

type Of<T extends Event["type"]> = Extract<Event, { type: T }>;

/** Where an event belongs among the starts of a run that was gone on with. */
interface Placed {
  /** Index of the `run_start` that it came after. */
  readonly start: number;
}

export interface TracedStep extends Placed, Pick<Of<"step">, "loss" | "grad_norm"> {}
export interface TracedEval extends Placed, Pick<Of<"eval">, "step" | "split" | "metrics"> {}

/** What a run measured. Of a step that was made again after a resume the last word counts. */
export interface RunTrace {
  readonly starts: readonly Of<"run_start">[];
  /** By optimizer step. */
  readonly steps: ReadonlyMap<number, TracedStep>;
  /** By step and split. */
  readonly evals: ReadonlyMap<string, TracedEval>;
  /** What the large kernels of a start ran, by its index. */
  readonly methods: ReadonlyMap<number, Of<"kernel_methods">["layers"]>;
  /** Lines that are no events: what they said is not compared. */
  readonly damaged: number;
}

/** Reads a run's events; a run without any has an empty trace. */
export function readTrace(directory: string): RunTrace {
  const starts: Of<"run_start">[] = [];
  const steps = new Map<number, TracedStep>();
  const evals = new Map<string, TracedEval>();
  const methods = new Map<number, Of<"kernel_methods">["layers"]>();
  let damaged = 0;
  scanEvents(directory, {
    event: (event) => {
      const start = Math.max(0, starts.length - 1);
      if (event.type === "run_start") {
        starts.push(event);
      } else if (event.type === "step") {
        const { step, loss, grad_norm } = event;
        steps.set(step, { loss, grad_norm, start });
      } else if (event.type === "eval") {
        const { step, split, metrics } = event;
        evals.set(`${step} ${split}`, { step, split, metrics, start });
      } else if (event.type === "kernel_methods") {
        methods.set(start, event.layers);
      }
    },
    problem: () => {
      damaged += 1;
    },
  });
  return { starts, steps, evals, methods, damaged };
}

/** The last step of a trace that has a loss or an evaluation; 0 where it has none. */
export function lastStep({ steps, evals }: RunTrace): number {
  let last = 0;
  for (const step of steps.keys()) last = Math.max(last, step);
  for (const { step } of evals.values()) last = Math.max(last, step);
  return last;
}

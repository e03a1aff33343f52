import type { Experiment } from "./experiment.js";

/** Keys of an `eval` event's `metrics`, by the experiment's task. */
export const TASK_METRICS = {
  classification: ["top1", "top5", "loss"],
} as const satisfies Record<Experiment["task"], readonly string[]>;

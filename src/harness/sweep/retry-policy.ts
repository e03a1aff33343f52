import type { EndStatus } from "../../ir/event.js";

/** Ends that another try may mend. */
export const RETRIED = [
  "lost",
  "failed",
  "out_of_memory",
  "diverged",
] as const satisfies readonly EndStatus[];
export type Retried = (typeof RETRIED)[number];

/** How many more times a run is tried in one command, by how it ended. */
export type RetryPolicy = Readonly<Partial<Record<EndStatus, number>>>;

/** Where a class is named without a number. */
export const RETRIES = 2;

/** What was lost was killed from outside; the rest would most likely end in the same way again. */
export const USUAL_RETRIES: RetryPolicy = { lost: RETRIES };

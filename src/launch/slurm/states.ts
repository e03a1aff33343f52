import type { EndStatus } from "../../ir/event.js";
import type { KnownEnd } from "../launcher.js";

/** States of a job that is in the queue: before it begins, or to begin again. */
const WAITING: ReadonlySet<string> = new Set([
  "PENDING",
  "CONFIGURING",
  "REQUEUED",
  "REQUEUE_FED",
  "REQUEUE_HOLD",
  "RESV_DEL_HOLD",
  "SPECIAL_EXIT",
]);

/** States of a job that is over, and what they come to where training left no word of its own. */
const OVER: Readonly<Record<string, readonly [EndStatus, string]>> = {
  CANCELLED: ["cancelled", "the job was cancelled"],
  COMPLETED: ["failed", "the job ended without a word of the training's end"],
  FAILED: ["failed", "the job failed before training could say why"],
  OUT_OF_MEMORY: ["out_of_memory", "the job used more memory than it had asked for"],
  TIMEOUT: ["lost", "the job reached its time limit before training could end in order"],
  DEADLINE: ["lost", "the job reached its deadline"],
  PREEMPTED: ["lost", "the job was preempted before training could end in order"],
  NODE_FAIL: ["lost", "the job's node failed"],
  BOOT_FAIL: ["lost", "the job's node did not boot"],
  REVOKED: ["lost", "another cluster took the job"],
};

/** What Slurm says of a job. */
export interface SlurmState {
  /** Such as `RUNNING`. */
  readonly state: string;
  /** Why it waits or what it failed of, such as `Priority`; `None` where Slurm has no reason. */
  readonly reason: string;
  /** Where its script runs, or ran. */
  readonly host: string;
}

/** Whether a job is in the queue. A state that is not known here is one of a job that runs. */
export function isWaiting({ state }: SlurmState): boolean {
  return WAITING.has(state);
}

export function isOver({ state }: SlurmState): boolean {
  return state in OVER;
}

/** A state with its reason, as Slurm writes them: `PENDING (Priority)`. */
export function stateWords({ state, reason }: SlurmState): string {
  return reason === "" || reason === "None" ? state : `${state} (${reason})`;
}

/** The end of a job that is over, in Slurm's word and ours. */
export function endOfState(job: string, found: SlurmState): KnownEnd {
  const [status, words] = OVER[found.state] ?? ["lost" as const, "the job is over"];
  return { status, reason: `Slurm: ${stateWords(found)}, job ${job}: ${words}` };
}

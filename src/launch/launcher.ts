import type { ProcessIdentity } from "./process-identity.js";

/** A job as `status.json` keeps it: enough to reach it from another process. */
export interface JobHandle extends ProcessIdentity {
  /** A scheduler's id. */
  readonly job: string | null;
}

/** How a job ended: one of the two is `null`. */
export interface JobEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface SubmittedJob extends JobHandle {
  readonly ended: Promise<JobEnd>;
}

/** One training to start. */
export interface TrainingTask {
  /** The run's directory; it holds `run.json` and the generated package. */
  readonly directory: string;
  /** Goes on from `checkpoints/last.pt`. */
  readonly resume: boolean;
  /** In place of the device that `run.json` asks for; `null` leaves it. */
  readonly device: string | null;
  /** Command of the interpreter. */
  readonly python: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Where a job's output is. */
export interface JobLogs {
  readonly stdout: string;
  readonly stderr: string;
}

/** What starts trainings and reaches them afterwards, from any process. */
export interface Launcher {
  submit(task: TrainingTask): Promise<SubmittedJob>;
  status(job: JobHandle): "alive" | "gone";
  /** `ask` lets it write a checkpoint first; `kill` does not. */
  cancel(job: JobHandle, how: "ask" | "kill"): void;
  logs(directory: string): JobLogs;
}

import type { LaunchOptions } from "../ir/run.js";
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

/** This machine's place among those that train a run together, and where they meet. */
export interface Node {
  /** 0 is the one that made the run. */
  readonly rank: number;
  /** Host and port on node 0. */
  readonly rendezvous: { readonly host: string; readonly port: number };
}

/** One training to start. */
export interface TrainingTask {
  /** The run's directory; it holds `run.json` and the generated package. */
  readonly directory: string;
  /** The run's id. */
  readonly run: string;
  /** Goes on from `checkpoints/last.pt`. */
  readonly resume: boolean;
  /** In place of the device that `run.json` asks for; `null` leaves it. */
  readonly device: string | null;
  /** The optimizer step that it ends after, on the schedule of the whole. */
  readonly stopAfter?: number;
  readonly launch: LaunchOptions;
  /** `null` where one machine trains alone. */
  readonly node: Node | null;
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

/** What asks a training to write a checkpoint and end. It is passed on as it came. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGUSR1";

/** What is known of the processes of a training that is under way. */
export interface UnderWay {
  readonly directory: string;
  /** What was started; of a wrapper script or torchrun it is not Python itself. */
  readonly started: JobHandle | null;
  /** Python itself, the first of several; `null` until it has said so. */
  readonly python: JobHandle | null;
}

/** What starts trainings and reaches them afterwards, from any process. */
export interface Launcher {
  submit(task: TrainingTask): Promise<SubmittedJob>;
  /** Many at once, at most `slots` at a time, where a scheduler takes them as one (Slurm's arrays). */
  readonly submitAll?: (
    tasks: readonly TrainingTask[],
    slots: number,
  ) => Promise<readonly SubmittedJob[]>;
  /** `unknown` where a scheduler does not answer: then what is recorded holds. */
  status(job: JobHandle): "alive" | "gone" | "unknown";
  /** Lets it write a checkpoint first. */
  ask(training: UnderWay, signal: StopSignal): void;
  /** Ends all of its processes at once. */
  kill(training: UnderWay): void;
  logs(directory: string): JobLogs;
}

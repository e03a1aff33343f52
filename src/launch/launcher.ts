import type { EndStatus } from "../ir/event.js";
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

/** An end that the launcher itself knows the reason of. */
export interface KnownEnd {
  readonly status: EndStatus;
  readonly reason: string;
}

export interface SubmittedJob extends JobHandle {
  readonly ended: Promise<JobEnd | KnownEnd>;
}

/** Who waits for a launcher that takes its time. */
export interface Attendant {
  note(text: string): void;
  /** Aborted where the wait is to end. */
  readonly signal: AbortSignal;
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
  /** Package whose kernels are verified where the training is, before it; `null` where they were. */
  readonly verify: string | null;
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

/**
 * How a job stands: `waiting` is in a scheduler's queue, before it begins or to begin again;
 * `unknown` where a scheduler does not answer: then what is recorded holds.
 */
type Standing = "alive" | "waiting" | "gone" | "unknown";

/** What starts trainings and reaches them afterwards, from any process. */
export interface Launcher {
  /** @throws FoveaError where the job is refused; the signal's reason where the wait was ended */
  submit(task: TrainingTask, attendant: Attendant): Promise<SubmittedJob>;
  /** Many at once, at most `slots` at a time, where a scheduler takes them as one (Slurm's arrays). */
  readonly submitAll?: (
    tasks: readonly TrainingTask[],
    slots: number,
    attendant: Attendant,
  ) => Promise<readonly SubmittedJob[]>;
  /** Stays with a job that another process submitted. */
  readonly attend?: (directory: string, job: string, attendant: Attendant) => SubmittedJob;
  /** Asks a scheduler about many jobs at once; what it says then holds for a moment. */
  readonly refresh?: (jobs: readonly JobHandle[]) => void;
  status(job: JobHandle): Standing;
  /** What a scheduler says of a job that waits or is stopped, in its words. */
  readonly words?: (job: JobHandle) => string | null;
  /** How a job ended that is gone, where that is known without the process that submitted it. */
  readonly endOf?: (directory: string, job: JobHandle) => JobEnd | KnownEnd;
  /** Lets it write a checkpoint first. */
  ask(training: UnderWay, signal: StopSignal, note: (text: string) => void): void;
  /** Ends all of its processes at once. */
  kill(training: UnderWay): void;
  logs(directory: string): JobLogs;
}

import { statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { pythonEnvironment } from "../launch/environment.js";
import type { Attendant, SubmittedJob, TrainingTask } from "../launch/launcher.js";
import { launcherOf } from "../launch/launchers.js";
import { writeStatus } from "../runs/records.js";
import { underWay } from "../runs/under-way.js";
import type { OpenRun } from "./open-run.js";
import type { PreparedRun } from "./prepare-run.js";
import type { Session } from "./session.js";
import { isVerifiedThere } from "./verify-run.js";

/** An open run whose training was handed to its launcher. */
export interface SubmittedRun {
  readonly run: OpenRun;
  readonly task: TrainingTask;
  readonly job: SubmittedJob;
  /** Size of its log of stderr before. */
  readonly logSize: number;
}

/** What a launcher is told of an open run. */
export function taskOf(
  { cwd, python }: Session,
  run: OpenRun,
  prepared: PreparedRun,
): TrainingTask {
  const { plan, device, type, visible, repeat } = prepared;
  const { threads, launcher } = plan.launch;
  return {
    ...plan,
    directory: run.directory,
    run: run.id,
    resume: run.resume,
    // What `auto` comes to was found out before the job was asked for.
    device: launcher === "slurm" ? type : run.resume ? device : null,
    ...(repeat?.stopAfter ? { stopAfter: repeat.stopAfter } : {}),
    python: python.command,
    cwd,
    env: {
      ...(threads === null ? {} : { OMP_NUM_THREADS: String(threads) }),
      ...pythonEnvironment(),
      ...(visible == null ? {} : { CUDA_VISIBLE_DEVICES: visible }),
    },
    verify: isVerifiedThere(prepared) && run.package ? join(run.directory, run.package) : null,
  };
}

/** Starts the training of an open run, and says so in its `status.json`. */
export async function submitRun(
  run: OpenRun,
  task: TrainingTask,
  attendant: Attendant,
): Promise<SubmittedRun> {
  const launcher = launcherOf(task.launch.launcher);
  const logSize = logSizeOf(task);
  const job = await launcher.submit(task, attendant);
  return queued({ run, task, job, logSize });
}

/**
 * Hands many runs to a launcher that takes them as one, at most `slots` to be trained at a time.
 *
 * @returns in their order
 * @throws TypeError where their launcher takes one at a time
 */
export async function submitRuns(
  runs: readonly { readonly run: OpenRun; readonly task: TrainingTask }[],
  slots: number,
  attendant: Attendant,
): Promise<readonly SubmittedRun[]> {
  const [first] = runs;
  if (first === undefined) return [];
  const launcher = launcherOf(first.task.launch.launcher);
  if (launcher.submitAll === undefined) throw new TypeError("the launcher takes one at a time");
  const sizes = runs.map(({ task }) => logSizeOf(task));
  const jobs = await launcher.submitAll(
    runs.map(({ task }) => task),
    slots,
    attendant,
  );
  return runs.map(({ run, task }, index) => {
    const job = jobs[index];
    if (job === undefined) throw new Error(`the launcher gave no job for ${run.id}`);
    return queued({ run, task, job, logSize: sizes[index] ?? 0 });
  });
}

function queued(submitted: SubmittedRun): SubmittedRun {
  const { run, task, job } = submitted;
  try {
    writeStatus(run.directory, {
      status: "queued",
      reason: null,
      pid: job.pid,
      started: job.started,
      launcher: task.launch.launcher,
      job: job.job,
      host: job.pid === null ? null : hostname(),
    });
  } catch (error) {
    launcherOf(task.launch.launcher).kill(underWay(run.directory, job));
    throw error;
  }
  return submitted;
}

function logSizeOf({ directory, launch }: TrainingTask): number {
  const { stderr } = launcherOf(launch.launcher).logs(directory);
  return statSync(stderr, { throwIfNoEntry: false })?.size ?? 0;
}

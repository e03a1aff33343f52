import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { JobEnd, JobLogs, Launcher, SubmittedJob, TrainingTask } from "./launcher.js";
import { isAlive, startOf } from "./process-identity.js";

/**
 * Trains in a child process on this machine.
 *
 * Its output goes straight to files and it is not tied to this process, so that it goes on and can
 * be reached when fovea is killed. It stays in fovea's process group: a terminal's Ctrl-C and
 * Ctrl-Z reach both.
 */
export const localLauncher: Launcher = {
  submit,
  status: (job) => (isAlive(job) ? "alive" : "gone"),
  cancel: (job, how) => {
    if (job.pid === null || !isAlive(job)) return;
    try {
      process.kill(job.pid, how === "ask" ? "SIGINT" : "SIGKILL");
    } catch (error) {
      // It may end between the look and the signal.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  },
  logs,
};

function logs(directory: string): JobLogs {
  return { stdout: join(directory, "stdout.log"), stderr: join(directory, "stderr.log") };
}

async function submit(task: TrainingTask): Promise<SubmittedJob> {
  const { execa } = await import("execa");
  const files = logs(task.directory);
  const stdout = openSync(files.stdout, "a");
  const stderr = openSync(files.stderr, "a");
  const words = [
    ...["-m", "fovea_runtime.train", "--run", task.directory],
    ...(task.resume ? ["--resume"] : []),
    ...(task.device === null ? [] : ["--device", task.device]),
  ];
  const child = execa(task.python, words, {
    cwd: task.cwd,
    env: task.env,
    extendEnv: false,
    stdin: "ignore",
    // execa takes any descriptor; its types name those up to 9.
    stdout: stdout as 3,
    stderr: stderr as 3,
    buffer: false,
    reject: false,
    cleanup: false,
  });
  closeSync(stdout);
  closeSync(stderr);
  const pid = child.pid ?? null;
  return {
    pid,
    started: pid === null ? null : startOf(pid),
    job: null,
    ended: child.then((result): JobEnd => {
      // Without a pid nothing was started, and execa says why.
      if (pid === null) throw result;
      return { exitCode: result.exitCode ?? null, signal: result.signal ?? null };
    }),
  };
}

import { closeSync, openSync } from "node:fs";
import type { JobEnd, JobHandle, JobLogs, TrainingTask } from "./launcher.js";
import { startOf } from "./process-identity.js";

/** A child process of this one. */
export interface StartedProcess extends JobHandle {
  readonly ended: Promise<JobEnd>;
}

/**
 * Starts an interpreter as a child process.
 *
 * Its output goes straight to files and it is not tied to this process, so that it goes on and can
 * be reached when fovea is killed. It stays in fovea's process group: a terminal's Ctrl-C and
 * Ctrl-Z reach both.
 */
export async function startProcess(
  { python, cwd, env }: Pick<TrainingTask, "python" | "cwd" | "env">,
  words: readonly string[],
  logs: JobLogs,
): Promise<StartedProcess> {
  const { execa } = await import("execa");
  const stdout = openSync(logs.stdout, "a");
  const stderr = openSync(logs.stderr, "a");
  const child = execa(python, words, {
    cwd,
    env,
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

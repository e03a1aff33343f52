import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("slurm-controller.sh", import.meta.url));

/** Why there can be no controller for tests; `null` where there can. */
export function noController(): string | null {
  const missing = ["sbatch", "slurmctld", "slurmd", "munged"].find(
    (command) => spawnSync("sh", ["-c", `command -v ${command}`]).status !== 0,
  );
  if (missing !== undefined) return `${missing} is not installed`;
  return process.getuid?.() === 0 ? null : "only root can start a controller";
}

/** A cluster of one node with two CPUs, in a folder of its own. */
export interface Controller {
  /** What `SLURM_CONF` is to be. */
  readonly conf: string;
  /** Calls one of Slurm's commands; returns what it prints. */
  call(command: string, ...words: readonly string[]): string;
  signal(daemon: "slurmctld" | "slurmd", signal: NodeJS.Signals): void;
  /** Starts a daemon again. */
  start(daemon: "slurmctld" | "slurmd"): void;
  /** Kills what Slurm started for a job, as a power cut does. */
  killJob(job: string): void;
  /** Whether something that Slurm started for a job is still there. */
  hasProcesses(job: string): boolean;
  /** The state of a job as Slurm has it; empty where it knows the job no more. */
  stateOf(job: string): string;
  stop(): void;
}

export function startController(): Controller {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "fovea-slurm-"));
  chmodSync(folder, 0o755);
  const conf = execFileSync(SCRIPT, ["start", folder], { encoding: "utf8" }).trim();
  const env = { ...process.env, SLURM_CONF: conf };
  const call = (command: string, ...words: readonly string[]): string =>
    execFileSync(command, words, { env, encoding: "utf8" }).trim();
  return {
    conf,
    call,
    signal: (daemon, signal) => {
      process.kill(Number(readFileSync(join(folder, `${daemon}.pid`), "utf8")), signal);
    },
    start: (daemon) => {
      call(daemon);
    },
    killJob: (job) => {
      spawnSync("pkill", ["-KILL", "-f", `^slurmstepd: \\[${job}\\.`]);
    },
    hasProcesses: (job) => spawnSync("pgrep", ["-f", `^slurmstepd: \\[${job}\\.`]).status === 0,
    stateOf: (job) => call("squeue", "-h", "-r", "-t", "all", "-o", "%T", "-j", job),
    stop: () => {
      execFileSync(SCRIPT, ["stop", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

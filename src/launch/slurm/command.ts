import { spawnSync } from "node:child_process";
import { FoveaError } from "../../ir/error.js";

/** Slurm's commands that fovea calls. */
type SlurmCommand = "sbatch" | "scancel" | "scontrol" | "sinfo" | "squeue";

/** What one of Slurm's commands came to. */
export interface SlurmAnswer {
  readonly ok: boolean;
  readonly stdout: string;
  /** Its words on stderr, without the command's name before them. */
  readonly said: string;
  /** Whether Slurm's controller did not answer, or not in time. */
  readonly silent: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of a user's own defaults, which would change what these commands answer. */
const DEFAULTS = /^(SQUEUE|SCANCEL|SINFO|SCONTROL)_/;
/** What a job is told of itself: a job that is submitted from within another must not take it. */
const OF_A_JOB = /^SLURM_(?!CONF$|CLUSTERS$)/;
const SILENT =
  /Unable to contact slurm controller|Socket timed out|Zero Bytes were transmitted|temporarily unable to accept|Connection (refused|timed out|reset)|controller is in standby/i;

/** Calls one of Slurm's commands. */
export async function callSlurm(
  command: SlurmCommand,
  words: readonly string[],
  options: {
    readonly timeout: number;
    readonly input?: string;
    readonly env?: Environment;
    readonly signal?: AbortSignal;
  },
): Promise<SlurmAnswer> {
  const { execa } = await import("execa");
  const result = await execa(command, words, {
    env: slurmEnvironment(options.env),
    extendEnv: false,
    reject: false,
    timeout: options.timeout,
    forceKillAfterDelay: 1000,
    input: options.input ?? "",
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (result.code === "ENOENT") throw missing(command);
  return read(result.exitCode ?? null, result.stdout, result.stderr, result.timedOut);
}

/** The same where nobody can wait; for lists, which take a moment at most. */
export function callSlurmAtOnce(
  command: SlurmCommand,
  words: readonly string[],
  timeout: number,
): SlurmAnswer {
  const result = spawnSync(command, words, {
    env: slurmEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout,
    killSignal: "SIGKILL",
    maxBuffer: 2 ** 28,
  });
  const code = (result.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT") return { ok: false, stdout: "", said: `no ${command}`, silent: true };
  return read(result.status, result.stdout, result.stderr, code === "ETIMEDOUT");
}

function read(
  exitCode: number | null,
  stdout: string,
  stderr: string,
  timedOut: boolean,
): SlurmAnswer {
  const said = stderr.replace(/^(\w+: (error|fatal): |slurm_\w+ error: )/gm, "").trim();
  return {
    ok: exitCode === 0 && !timedOut,
    stdout,
    said: timedOut ? "Slurm's controller does not answer in time" : said,
    silent: timedOut || SILENT.test(stderr),
  };
}

function slurmEnvironment(env: Environment = process.env): Environment {
  const inJob = env["SLURM_JOB_ID"] !== undefined;
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !DEFAULTS.test(name) && !(inJob && OF_A_JOB.test(name))),
  );
}

function missing(command: SlurmCommand): FoveaError {
  return new FoveaError({
    code: "FOV0120",
    message: `\`${command}\` is not installed here, and --launcher slurm needs it`,
    path: "--launcher",
    value: "slurm",
    allowed: "a machine with Slurm's commands: sbatch, squeue, scancel, scontrol, sinfo",
    fix: "run this on a login node of the cluster, install slurm-client, or use --launcher local",
  });
}

/**
 * Finds out whether jobs can be submitted from here, before anything is made.
 *
 * @throws FoveaError FOV0120 where Slurm's commands are missing
 */
export async function requireSlurm(): Promise<void> {
  // Even `--version` reads the cluster's configuration; what is wrong there, sbatch tells.
  await callSlurm("sbatch", ["--version"], { timeout: 20_000 });
}

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FoveaError } from "../../ir/error.js";
import type { Attendant, TrainingTask } from "../launcher.js";
import { callSlurm } from "./command.js";
import { sbatchOptions } from "./options.js";
import { jobScript, LOG_FILE, SCRIPT_FILE } from "./script.js";
import { shellQuote } from "./shell-quote.js";

const SUBMIT_MS = 120_000;
const ASK_MS = 30_000;
const RETRY_MS = 2000;
/** Slurm's own default, where it does not say. */
const ARRAY_SIZE = 1001;

/**
 * Submits one training.
 *
 * @returns the job's id
 * @throws FoveaError FOV0121 where Slurm refuses it, FOV0120 without sbatch
 */
export async function submitOne(task: TrainingTask, attendant: Attendant): Promise<string> {
  const script = writeScript(task);
  const output = slurmPath(join(task.directory, LOG_FILE));
  const words = [...common(task, task.run), `--output=${output}`, script];
  return await sbatch(words, task, attendant);
}

/**
 * Submits several trainings of the same options, as one array where they fit into one.
 *
 * @param slots - how many may run at a time; arrays that must be several follow one another
 * @returns the jobs' ids, `12_0` and so on, in the order of the tasks
 */
export async function submitArrays(
  tasks: readonly TrainingTask[],
  slots: number,
  attendant: Attendant,
): Promise<readonly string[]> {
  const [first] = tasks;
  if (first === undefined) return [];
  const most = await arraySize(attendant);
  const jobs: string[] = [];
  let before: string | null = null;
  for (let at = 0; at < tasks.length; at += most) {
    const part = tasks.slice(at, at + most);
    const words = [
      ...common(first, `fovea-${first.run}`),
      `--array=0-${part.length - 1}%${slots}`,
      ...(before === null ? [] : [`--dependency=afterany:${before}`]),
      // Each member's script opens its own run's log.
      "--output=/dev/null",
    ];
    before = await sbatch(words, first, attendant, arrayScript(part.map(writeScript)));
    jobs.push(...part.map((_, index) => `${before}_${index}`));
  }
  return jobs;
}

/** What every submission says. A folder is not set: the script goes into the right one itself. */
function common(task: TrainingTask, name: string): readonly string[] {
  return [
    ...["--parsable", `--job-name=${name}`, "--export=ALL", "--open-mode=append", "--chdir=/"],
    ...sbatchOptions(task),
  ];
}

function writeScript(task: TrainingTask): string {
  const path = join(task.directory, SCRIPT_FILE);
  writeFileSync(path, jobScript(task));
  chmodSync(path, 0o755);
  return path;
}

function arrayScript(scripts: readonly string[]): string {
  const cases = scripts.map((path, index) => `${index}) exec bash ${shellQuote(path)} ;;`);
  return `#!/usr/bin/env bash\ncase $SLURM_ARRAY_TASK_ID in\n${cases.join("\n")}\nesac\n`;
}

/** A file name as sbatch reads it: `%` begins a pattern, and a backslash anywhere ends patterns. */
export function slurmPath(path: string): string {
  return path.includes("\\") ? path.replaceAll("\\", "\\\\") : path.replaceAll("%", "%%");
}

/**
 * A controller that does not answer is waited for. It may have taken a job whose id was never heard;
 * that one finds that its run is not its own, and ends (see the script).
 */
async function sbatch(
  words: readonly string[],
  { env }: TrainingTask,
  { note, signal }: Attendant,
  script?: string,
): Promise<string> {
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
    const options = { timeout: SUBMIT_MS, env, signal };
    const answer = await callSlurm(
      "sbatch",
      words,
      script === undefined ? options : { ...options, input: script },
    );
    signal.throwIfAborted();
    // `12`, or `12;cluster`.
    const job = /^(\d+)(;|$)/m.exec(answer.stdout)?.[1];
    if (answer.ok && job !== undefined) return job;
    if (!answer.silent) throw refused(answer.said);
    if (!told) note(`Slurm does not take the job yet: ${oneLine(answer.said)}; waiting for it`);
    await sleep(RETRY_MS, undefined, { signal });
  }
}

function refused(said: string): FoveaError {
  return new FoveaError({
    code: "FOV0121",
    message: `Slurm refuses the job: ${oneLine(said) || "sbatch says nothing"}`,
    path: "--launcher",
    value: "slurm",
    fix: "change --partition, --account, --qos, --time, --gpus, --gpu-type, --cpus, --mem or --constraint; `sinfo` shows what the cluster has",
  });
}

function oneLine(said: string): string {
  return said.split("\n").join("; ");
}

async function arraySize({ signal }: Attendant): Promise<number> {
  const answer = await callSlurm("scontrol", ["show", "config"], { timeout: ASK_MS, signal });
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(answer.stdout)?.[1] ?? ARRAY_SIZE);
  return Math.max(1, size);
}

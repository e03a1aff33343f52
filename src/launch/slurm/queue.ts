import { callSlurm, callSlurmAtOnce, type SlurmAnswer } from "./command.js";
import type { SlurmState } from "./states.js";

/** What Slurm said of some jobs: those that it does not know are missing; `null` is no answer. */
export type QueueAnswer = ReadonlyMap<string, SlurmState> | null;

/** A list must not take long; who follows a job can wait longer. */
const LIST_MS = 3000;
const FOLLOW_MS = 30_000;
/** `squeue` takes them as one word, and a word's length is bounded. */
const MOST = 5000;

/** Asks for jobs in one call. @see QueueAnswer */
export async function askQueue(jobs: readonly string[]): Promise<QueueAnswer> {
  const found = new Map<string, SlurmState>();
  for (const words of queries(jobs)) {
    const answer = readQueue(await callSlurm("squeue", words, { timeout: FOLLOW_MS }));
    if (answer === null) return null;
    for (const [job, state] of answer) found.set(job, state);
  }
  return found;
}

/** The same where nobody can wait. */
export function askQueueAtOnce(jobs: readonly string[]): QueueAnswer {
  const found = new Map<string, SlurmState>();
  for (const words of queries(jobs)) {
    const answer = readQueue(callSlurmAtOnce("squeue", words, LIST_MS));
    if (answer === null) return null;
    for (const [job, state] of answer) found.set(job, state);
  }
  return found;
}

/** An array is asked for as a whole: its members in one word. */
function queries(jobs: readonly string[]): readonly (readonly string[])[] {
  const wholes = [...new Set(jobs.map((job) => job.replace(/_.*$/, "")))];
  const chunks = Array.from({ length: Math.ceil(wholes.length / MOST) }, (_, index) =>
    wholes.slice(index * MOST, (index + 1) * MOST),
  );
  return chunks.map((chunk) => [
    ...["--noheader", "--array", "--states=all", "--format=%i|%T|%B|%r"],
    `--jobs=${chunk.join(",")}`,
  ]);
}

/** One of whom alone is asked and who is not known is an error of squeue's. */
export function readQueue({ ok, stdout, said }: SlurmAnswer): QueueAnswer {
  if (!ok) return /Invalid job id/i.test(said) ? new Map() : null;
  const found = new Map<string, SlurmState>();
  for (const line of stdout.split("\n")) {
    const [job, state, host, ...reason] = line.trim().split("|");
    if (job && state) found.set(job, { state, host: host ?? "", reason: reason.join("|") });
  }
  return found;
}

import { askQueue, type QueueAnswer } from "./queue.js";
import type { SlurmState } from "./states.js";

/** What Slurm says of a job: `null` where it does not know it. */
export type Heard = SlurmState | null | "silent";
type Listener = (heard: Heard) => void;

/** Asking often helps where something has just changed, and loads the controller for nothing else. */
const SOONEST_MS = 300;
const LATEST_MS = 20_000;
const PACE = 10;

const listeners = new Map<string, Listener>();
const last = new Map<string, string>();
let changed = 0;
let timer: NodeJS.Timeout | null = null;

/**
 * Hears what Slurm says of a job, again and again; all jobs of this process are asked for in one
 * call.
 *
 * @returns what ends it
 */
export function watchJob(job: string, listener: Listener): () => void {
  listeners.set(job, listener);
  changed = performance.now();
  schedule();
  return () => {
    listeners.delete(job);
    if (listeners.size === 0) stop();
  };
}

function schedule(): void {
  if (timer !== null) clearTimeout(timer);
  const calm = (performance.now() - changed) / PACE;
  timer = setTimeout(() => void ask(), Math.min(LATEST_MS, Math.max(SOONEST_MS, calm)));
}

function stop(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
}

async function ask(): Promise<void> {
  const jobs = [...listeners.keys()];
  let answer: QueueAnswer = null;
  try {
    answer = await askQueue(jobs);
  } catch {
    // squeue itself cannot be started, for want of memory or processes: as if it were silent.
  }
  for (const job of jobs) hear(job, answer);
  if (listeners.size > 0) schedule();
}

function hear(job: string, answer: QueueAnswer): void {
  const heard = answer === null ? "silent" : (answer.get(job) ?? null);
  const state = heard === null || heard === "silent" ? String(heard) : heard.state;
  // Over, or gone: what is waited for now is seldom far.
  if (last.get(job) !== state || heard === null) changed = performance.now();
  last.set(job, state);
  listeners.get(job)?.(heard);
  if (!listeners.has(job)) last.delete(job);
}

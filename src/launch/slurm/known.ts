import { askQueueAtOnce } from "./queue.js";
import type { SlurmState } from "./states.js";

/** What was last heard of a job: `null` where Slurm does not know it. */
type Heard = SlurmState | null | "silent";

/** How long an answer holds; how long none is asked for after there was none. */
const FRESH_MS = 1000;
/** Jobs that were asked for within this time are asked for again with any other. */
const OF_INTEREST_MS = 5000;
const PATIENCE_MS = 10_000;

const heard = new Map<string, { readonly at: number; readonly found: Heard }>();
let silentUntil = 0;

/** Asks for all of them in one call, for {@link known}. */
export function refreshKnown(jobs: readonly string[]): void {
  if (jobs.length === 0) return;
  const answer = performance.now() < silentUntil ? null : askQueueAtOnce(jobs);
  const at = performance.now();
  if (answer === null) silentUntil = Math.max(silentUntil, at + PATIENCE_MS);
  for (const job of jobs) {
    heard.set(job, { at, found: answer === null ? "silent" : (answer.get(job) ?? null) });
  }
}

/** What Slurm says of a job, as of a moment ago. */
export function known(job: string): Heard {
  const last = heard.get(job);
  const now = performance.now();
  if (last !== undefined && now - last.at < FRESH_MS) return last.found;
  const others = [...heard].filter(([, { at }]) => now - at < OF_INTEREST_MS);
  refreshKnown([...new Set([job, ...others.map(([other]) => other)])]);
  return heard.get(job)?.found ?? null;
}

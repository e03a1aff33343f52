import { setTimeout as sleep } from "node:timers/promises";
import type { StopSignal } from "../launcher.js";
import { callSlurm } from "./command.js";

const CANCEL_MS = 60_000;
const RETRY_MS = 2000;
const IS_OVER = /Invalid job id|already (completing|completed)|Job\/step already/i;

/**
 * Asks a job to end: one that waits leaves the queue, one that runs gets the signal in its script.
 * A controller that does not answer is asked until it does.
 */
export async function askJob(
  job: string,
  signal: StopSignal,
  note: (text: string) => void,
): Promise<void> {
  const passed = `--signal=${signal.replace(/^SIG/, "")}`;
  await insist(["--state=PENDING", job], note);
  // The signal of a stopped job would wait as long as the job does; Slurm wakes it to end it.
  await insist(["--state=SUSPENDED", job], note);
  const said = await insist(["--batch", passed, job], note);
  // Its nodes may be booting.
  if (said !== null) await insist([job], note);
}

/** Ends a job's processes at once, and the job for good. */
export async function killJob(job: string, note: (text: string) => void): Promise<void> {
  await insist(["--full", "--signal=KILL", job], () => {});
  await insist([job], note);
}

/** @returns why Slurm refused; `null` where it did not, or the job is over */
async function insist(
  words: readonly string[],
  note: (text: string) => void,
): Promise<string | null> {
  for (let told = false; ; told = true) {
    const { ok, silent, said } = await callSlurm("scancel", words, { timeout: CANCEL_MS });
    if (ok || (!silent && IS_OVER.test(said))) return null;
    if (!silent) {
      if (words.length === 1) note(`scancel: ${said}`);
      return said;
    }
    if (!told) note("Slurm's controller does not answer; waiting for it to stop the job");
    await sleep(RETRY_MS);
  }
}

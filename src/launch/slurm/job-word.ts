import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { JobEnd, KnownEnd } from "../launcher.js";
import { readVerification } from "../verification.js";
import { endOfState, type SlurmState } from "./states.js";

/** Name of the file in a run's folder in which its job says how far it came. */
export const WORD_FILE = "job.json";
/** Names of the files with what verification on the node printed on stdout and stderr. */
export const VERIFICATION_FILE = "verification.json";
export const VERIFICATION_LOG = "verification.log";

/**
 * What a job leaves in its run's folder, so that its end is known without accounting, and when
 * Slurm has forgotten the job.
 */
const JobWord = z.object({
  job: z.string(),
  stage: z.enum(["begun", "folder", "verify", "train"]),
  /** Exit code; `null` while it runs, and for ever where it was killed. */
  code: z.int().nullable(),
  /** The last signal that it passed on, such as `TERM`; empty where there was none. */
  signal: z.string(),
});
export type JobWord = z.infer<typeof JobWord>;

/** What a job said last; `null` where it has not begun, or another job spoke last. */
export function readJobWord(directory: string, job: string): JobWord | null {
  try {
    const read = JobWord.parse(JSON.parse(readFileSync(join(directory, WORD_FILE), "utf8")));
    return read.job === job ? read : null;
  } catch {
    return null;
  }
}

/** Whether a job that left an exit code may begin again, or was killed by what only Slurm knows. */
export function isOpen({ code, signal }: JobWord): boolean {
  return signal === "TERM" || (code !== null && code > 128 && code !== 130);
}

/**
 * The end of a job that left its exit code.
 *
 * @param found - what Slurm says of it; `null` where Slurm does not know it any more
 */
export function endOfWord(
  directory: string,
  word: JobWord & { readonly code: number },
  found: SlurmState | null,
): JobEnd | KnownEnd {
  const { stage, code, job } = word;
  const bySignal = code > 128;
  if (stage === "verify" && !bySignal && word.signal === "") {
    const { summary } = readVerification(
      textOf(join(directory, VERIFICATION_FILE)),
      textOf(join(directory, VERIFICATION_LOG)).trim().split("\n").at(-1) ||
        `Python ended with exit code ${code}`,
    );
    return { status: "failed", reason: `the kernels are not verified: ${summary}` };
  }
  if (stage === "folder") {
    return { status: "failed", reason: `the node cannot reach the working folder, job ${job}` };
  }
  const isKill = found !== null && !["COMPLETED", "FAILED", "CANCELLED"].includes(found.state);
  if (found !== null && bySignal && isKill) return endOfState(job, found);
  return { exitCode: code, signal: null };
}

/** The end of a job that Slurm does not know any more, and that left no exit code. */
export function endOfVanished(job: string, begun: boolean): KnownEnd {
  return begun
    ? { status: "lost", reason: `Slurm knows job ${job} no more, and it left no exit code` }
    : { status: "cancelled", reason: `job ${job} left Slurm's queue before it began` };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

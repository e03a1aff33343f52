import { FoveaError } from "../../ir/error.js";
import { callSlurm } from "./command.js";

const ASK_MS = 30_000;

const asked = new Map<string | null, Promise<boolean>>();

/**
 * Whether a cluster has GPUs to ask for: in a partition, or in any.
 *
 * @throws FoveaError FOV0121 where Slurm does not say, FOV0120 without its commands
 */
export async function offersGpus(partition: string | null): Promise<boolean> {
  const found = asked.get(partition) ?? ask(partition);
  asked.set(partition, found);
  return await found;
}

async function ask(partition: string | null): Promise<boolean> {
  const words = ["--noheader", "--format=%G", ...(partition === null ? [] : [`-p${partition}`])];
  const { ok, stdout, said } = await callSlurm("sinfo", words, { timeout: ASK_MS });
  if (ok) return /\bgpu:/.test(stdout);
  throw new FoveaError({
    code: "FOV0121",
    message: `Slurm does not say whether it has GPUs: ${said || "sinfo fails"}`,
    path: "--device",
    value: "auto",
    allowed: "cpu, or cuda",
    fix: "run with --device cpu or --device cuda",
  });
}

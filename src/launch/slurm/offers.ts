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

const LOOK_MS = 5000;

/**
 * The cluster's partitions, in words.
 *
 * @throws FoveaError FOV0120 without Slurm's commands, FOV0121 where it does not answer
 */
export async function slurmPartitions(): Promise<string> {
  const words = ["--noheader", "--format=%R %D %G"];
  const { ok, stdout, said } = await callSlurm("sinfo", words, { timeout: LOOK_MS });
  if (!ok) {
    throw new FoveaError({
      code: "FOV0121",
      message: `Slurm's commands are here, and its controller does not answer: ${said.split("\n").at(-1)}`,
      fix: "set SLURM_CONF to the cluster's slurm.conf, or ask its administrators; nothing but --launcher slurm needs it",
    });
  }
  const partitions = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/ +/));
  const found = partitions.map(([name, nodes, gres]) => {
    const gpus = gres?.includes("gpu") ? `, ${gres}` : "";
    return `${name} (${nodes} ${nodes === "1" ? "node" : "nodes"}${gpus})`;
  });
  return `partitions ${found.join(", ")}`;
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

import { FoveaError } from "../ir/error.js";
import { LaunchOptions } from "../ir/run.js";
import { SlurmOptions } from "../ir/slurm.js";
import type { Node } from "../launch/launcher.js";

/** How a run is to be started, as far as the command line says. */
export type LaunchRequest = {
  readonly [K in Exclude<keyof LaunchOptions, "slurm">]?: LaunchOptions[K] | undefined;
} & {
  /** What is said of it; `undefined` where nothing is. */
  readonly slurm?: Partial<SlurmOptions> | undefined;
  /** Where several machines meet. */
  readonly rendezvous?: Node["rendezvous"] | undefined;
};

/** How a run is started on this machine. */
export interface LaunchPlan {
  readonly launch: LaunchOptions;
  readonly node: Node | null;
}

/** What only torchrun takes, as it is typed. */
const TORCHRUN = {
  processes: "--nproc",
  nodes: "--nnodes",
  rendezvous: "--rendezvous",
  maxRestarts: "--max-restarts",
} as const;

/**
 * Completes what the command line says by what a resumed run's record says, and by the defaults.
 *
 * @param recorded - of the run that goes on; `null` for a new one
 * @param gpus - CUDA devices that torch sees; `null` where the run is not on CUDA
 * @param rank - this machine's number
 * @throws FoveaError FOV0040, FOV0003
 */
export function planLaunch(
  given: LaunchRequest,
  recorded: LaunchOptions | null,
  gpus: number | null,
  rank = 0,
): LaunchPlan {
  const launcher = given.launcher ?? recorded?.launcher ?? "local";
  const before = recorded?.launcher === launcher ? recorded : null;
  const shared = {
    launcher,
    keep: given.keep ?? recorded?.keep,
    heartbeat: given.heartbeat ?? recorded?.heartbeat,
    // A run that goes on with other threads may differ in its last bits.
    threads: recorded === null ? given.threads : recorded.threads,
    sinks: given.sinks ?? recorded?.sinks,
  };
  if (launcher === "slurm") return planSlurm(given, before, shared);
  refuseSlurmOptions(given, launcher);
  if (launcher === "local") {
    refuseTorchrunOptions(given);
    return { launch: LaunchOptions.parse(shared), node: null };
  }
  const launch = LaunchOptions.parse({
    ...shared,
    processes: given.processes ?? before?.processes ?? Math.max(1, gpus ?? 1),
    nodes: given.nodes ?? before?.nodes,
    maxRestarts: given.maxRestarts ?? before?.maxRestarts,
  });
  checkGpus(launch.processes, gpus);
  return { launch, node: nodeOf(launch, given.rendezvous, rank) };
}

function planSlurm(
  given: LaunchRequest,
  before: LaunchOptions | null,
  shared: Pick<LaunchRequest, "launcher" | "keep" | "heartbeat" | "threads">,
): LaunchPlan {
  if (given.rendezvous !== undefined) {
    throw new FoveaError({
      code: "FOV0040",
      message: "--rendezvous is for machines that are started by hand; Slurm's find each other",
      path: "--rendezvous",
      value: given.rendezvous,
      fix: "leave --rendezvous out",
    });
  }
  const slurm = SlurmOptions.parse(slurmOptions(given, before));
  const launch = LaunchOptions.parse({
    ...shared,
    processes: given.processes ?? before?.processes ?? Math.max(1, slurm.gpus ?? 1),
    nodes: given.nodes ?? before?.nodes,
    maxRestarts: given.maxRestarts ?? before?.maxRestarts,
    slurm,
  });
  return { launch, node: null };
}

/** What is asked of Slurm, by the command line and by the record of the run that goes on. */
export function slurmOptions(
  given: Pick<LaunchRequest, "slurm">,
  recorded: Pick<LaunchOptions, "slurm"> | null,
): Partial<SlurmOptions> {
  return { ...recorded?.slurm, ...given.slurm };
}

/** What only Slurm takes, as it is typed. */
const SLURM: Readonly<Record<keyof SlurmOptions, string>> = {
  partition: "--partition",
  account: "--account",
  qos: "--qos",
  time: "--time",
  gpus: "--gpus",
  gpuType: "--gpu-type",
  cpus: "--cpus",
  memory: "--mem",
  constraint: "--constraint",
  requeue: "--no-requeue",
};

function refuseSlurmOptions({ slurm }: LaunchRequest, launcher: string): void {
  const [found] = Object.keys(slurm ?? {}) as (keyof SlurmOptions)[];
  if (found === undefined) return;
  throw new FoveaError({
    code: "FOV0040",
    message: `${SLURM[found]} is asked of Slurm, and the launcher is "${launcher}"`,
    path: SLURM[found],
    value: slurm?.[found],
    fix: "add --launcher slurm",
  });
}

function refuseTorchrunOptions(given: LaunchRequest): void {
  for (const [key, option] of Object.entries(TORCHRUN)) {
    const value = given[key as keyof typeof TORCHRUN];
    if (value === undefined) continue;
    throw new FoveaError({
      code: "FOV0040",
      message: `${option} is for several processes, and the launcher "local" starts one`,
      path: option,
      value,
      fix: "add --launcher torchrun or --launcher slurm",
    });
  }
}

function checkGpus(processes: number, gpus: number | null): void {
  if (gpus === null || processes <= gpus) return;
  const found = gpus === 1 ? "1 CUDA device" : `${gpus} CUDA devices`;
  throw new FoveaError({
    code: "FOV0040",
    message: `--nproc ${processes}: more processes than devices, torch sees ${found} here`,
    path: "--nproc",
    value: processes,
    allowed: `a whole number from 1 to ${gpus}`,
    fix: `run with --nproc ${gpus}; recipe.accumulate cuts the same batch into more pieces`,
  });
}

function nodeOf(
  { nodes }: LaunchOptions,
  rendezvous: Node["rendezvous"] | undefined,
  rank: number,
): Node | null {
  if (nodes === 1 && rendezvous === undefined) return null;
  if (nodes === 1) {
    throw new FoveaError({
      code: "FOV0003",
      message: "--rendezvous is where several machines meet, and there is no --nnodes",
      path: "--nnodes",
      allowed: "the number of machines, 2 or more",
      fix: "add --nnodes 2",
    });
  }
  if (rendezvous === undefined) {
    throw new FoveaError({
      code: "FOV0003",
      message: `--nnodes ${nodes} needs --rendezvous, where the machines meet`,
      path: "--rendezvous",
      allowed:
        "HOST:PORT, with a name or address of node 0 that the others reach, and a free port there",
      fix: "add --rendezvous this-host:29400",
    });
  }
  if (rank < nodes) return { rank, rendezvous };
  throw new FoveaError({
    code: "FOV0040",
    message: `--node-rank ${rank}: there are ${nodes} machines`,
    path: "--node-rank",
    value: rank,
    allowed: `a whole number from 0 to ${nodes - 1}`,
    fix: `write --node-rank ${nodes - 1}`,
  });
}

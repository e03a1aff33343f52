import { type Command, Option } from "commander";
import type { LaunchRequest } from "../../harness/launch-request.js";
import type { LauncherName } from "../../ir/run.js";
import { LAUNCHERS } from "../../ir/run-names.js";
import type { Node } from "../../launch/launcher.js";
import { optionMistake, parseWhole, type WordRule } from "../whole.js";
import { collectSinks, readSinks } from "./sinks.js";
import { addSlurmOptions, readSlurm, type SlurmFlags } from "./slurm-options.js";

/** What is typed of how a run is started. */
export interface LaunchFlags extends SlurmFlags {
  readonly launcher?: LauncherName;
  readonly nproc?: string;
  readonly nnodes?: string;
  readonly nodeRank?: string;
  readonly rendezvous?: string;
  readonly maxRestarts?: string;
  readonly keep?: string;
  readonly heartbeat?: string;
  readonly sink?: readonly string[];
}

/** Adds the options; those that are left out of a resumed run are as its record says. */
export function addLaunchOptions(command: Command): Command {
  command
    .addOption(
      new Option(
        "--launcher <launcher>",
        "what starts the training: local is one process (the default), slurm a job of a cluster",
      ).choices(LAUNCHERS),
    )
    .option(
      "--nproc <n>",
      "torchrun, slurm: processes on each machine (default: one for each CUDA device, else 1)",
    )
    .option("--nnodes <n>", "torchrun, slurm: machines (1)")
    .option("--node-rank <n>", "torchrun: this machine's number, 0 where the run is made (0)")
    .option(
      "--rendezvous <host:port>",
      "torchrun: where several machines meet, a free port on number 0",
    )
    .option(
      "--max-restarts <n>",
      "torchrun, slurm: starts anew from last.pt after a process failed (0)",
    )
    .option("--keep <n>", "older checkpoints that stay beside last.pt and best.pt (1)")
    .option(
      "--heartbeat <seconds>",
      "without a step for so long a process is stuck and the run lost; 0 is never (600)",
    )
    .addOption(
      new Option(
        "--sink <name>",
        "pass the figures on to tensorboard, mlflow or wandb as well; may be repeated; none takes recorded ones back (docs/sinks.md)",
      ).argParser(collectSinks),
    );
  return addSlurmOptions(command);
}

/** @throws FoveaError FOV0040 */
export function readLaunch(flags: LaunchFlags): LaunchRequest {
  return {
    launcher: flags.launcher,
    processes: whole(flags.nproc, {
      option: "--nproc",
      most: 1024,
      unit: "processes",
      example: "2",
    }),
    nodes: whole(flags.nnodes, { option: "--nnodes", most: 1024, unit: "machines", example: "2" }),
    rendezvous: flags.rendezvous === undefined ? undefined : readRendezvous(flags.rendezvous),
    maxRestarts: whole(flags.maxRestarts, {
      option: "--max-restarts",
      least: 0,
      most: 1000,
      unit: "restarts",
      example: "3",
    }),
    keep: whole(flags.keep, {
      option: "--keep",
      least: 0,
      most: 1000,
      unit: "checkpoints",
      example: "3",
    }),
    slurm: readSlurm(flags),
    heartbeat: flags.heartbeat === undefined ? undefined : readSeconds(flags.heartbeat),
    sinks: flags.sink === undefined ? undefined : readSinks(flags.sink),
  };
}

/**
 * What the machine that makes a run is told.
 *
 * @throws FoveaError FOV0040
 */
export function readFirst(flags: LaunchFlags): LaunchRequest {
  const rank = readNodeRank(flags) ?? 0;
  if (rank === 0) return readLaunch(flags);
  throw optionMistake("--node-rank", String(rank), "machine 0 makes the run, the others join it", {
    allowed: "0, or --join with the run's id",
    fix: `start it on machine 0, then here: fovea run --join ID --node-rank ${rank}`,
  });
}

/** @throws FoveaError FOV0040 */
export function readNodeRank({ nodeRank }: LaunchFlags): number | undefined {
  return whole(nodeRank, {
    option: "--node-rank",
    least: 0,
    most: 1023,
    unit: "a machine",
    example: "1",
  });
}

function whole(word: string | undefined, rule: WordRule): number | undefined {
  return word === undefined ? undefined : parseWhole(word, rule);
}

function readSeconds(word: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
  if (seconds <= 1e9) return seconds;
  throw optionMistake("--heartbeat", word, "not a number of seconds", {
    allowed: "a number from 0 to 1000000000; 0 is never",
    fix: "write --heartbeat 600",
  });
}

function readRendezvous(word: string): Node["rendezvous"] {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-fA-F:]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(word) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw optionMistake("--rendezvous", word, "not a host and a port", {
    allowed: "HOST:PORT, the port from 1 to 65535",
    fix: "write --rendezvous this-host:29400",
  });
}

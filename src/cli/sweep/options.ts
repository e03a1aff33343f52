import { type Command, Option } from "commander";
import type { RequestedDevice } from "../../harness/resolve-device.js";
import { ORDERS, type Order } from "../../harness/sweep/order-points.js";
import type { SweepRequest } from "../../harness/sweep/sweep-request.js";
import { addLaunchOptions, type LaunchFlags, readFirst } from "../run/launch-options.js";
import { optionMistake, parseWhole } from "../whole.js";
import { readRetry } from "./retry-option.js";

/** What is typed behind `fovea sweep FILE`. */
export interface SweepFlags extends LaunchFlags {
  readonly plan: boolean;
  readonly set: readonly string[];
  readonly slots?: string;
  readonly gpus?: string;
  readonly order: Order;
  readonly maxFailures?: string;
  readonly retry?: string;
  readonly device?: RequestedDevice;
  readonly unverified: boolean;
}

export function addSweepOptions(command: Command): Command {
  command
    .option(
      "--plan",
      "print the table of runs, with their cost and how they stand, and run none",
      false,
    )
    .addOption(
      new Option("--set <path=value>", "change a setting in every run; may be repeated")
        .argParser((value: string, before: readonly string[]) => [...before, value])
        .default([], "none"),
    )
    .option("--slots <n>", "runs at a time (one for each of --gpus, else 1; Slurm: all)")
    .option(
      "--gpus <list>",
      "GPUs to use, as torch counts them, such as 0,1: each run has its own; slurm: GPUs on each node, a number",
    )
    .addOption(
      new Option("--order <order>", "what is run first").choices(ORDERS).default("declared"),
    )
    .option(
      "--max-failures <n>",
      "start nothing more after so many runs ended in a failure (no limit)",
    )
    .option(
      "--retry <classes>",
      "ends that have another try in this call: none, or lost, failed, out_of_memory, diverged, each with :N (lost:2)",
    )
    .addOption(new Option("--device <device>", "where to train").choices(["auto", "cpu", "cuda"]));
  return addLaunchOptions(command)
    .option("--unverified", "train without verifying the kernels, and record that", false)
    .option("--json", "print {runs: [{hash, axes, seed, run, status, metrics}]} as JSON");
}

/** @throws FoveaError FOV0040 */
export function readSweepOptions(
  flags: SweepFlags,
): Pick<
  SweepRequest,
  "slots" | "gpus" | "order" | "maxFailures" | "retry" | "device" | "launch" | "unverified"
> {
  const ofJobs = flags.launcher === "slurm";
  return {
    slots: whole("--slots", flags.slots, 1024, "runs"),
    gpus: flags.gpus === undefined || ofJobs ? null : readGpus(flags.gpus),
    order: flags.order,
    maxFailures: whole("--max-failures", flags.maxFailures, 10_000, "runs"),
    retry: readRetry(flags.retry),
    device: flags.device ?? null,
    launch: readFirst(ofJobs ? flags : withoutGpus(flags)),
    unverified: flags.unverified,
  };
}

function withoutGpus({ gpus, ...flags }: SweepFlags): LaunchFlags {
  return flags;
}

function whole(
  option: string,
  word: string | undefined,
  most: number,
  unit: string,
): number | null {
  return word === undefined ? null : parseWhole(word, { option, most, unit, example: "2" });
}

function readGpus(written: string): readonly number[] {
  const rule = { option: "--gpus", least: 0, most: 1023, unit: "a GPU", example: "0,1" } as const;
  const gpus = written.split(",").map((word) => parseWhole(word.trim(), rule, written));
  if (new Set(gpus).size === gpus.length) return gpus;
  throw optionMistake("--gpus", written, "a GPU is named twice", {
    allowed: "each GPU once; --slots 4 --gpus 0,1 puts two runs at a time on each",
    fix: `write --gpus ${[...new Set(gpus)].join(",")}`,
  });
}

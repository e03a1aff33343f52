import type { Command } from "commander";
import type { SlurmOptions } from "../../ir/slurm.js";
import { optionMistake, parseWhole } from "../whole.js";

/** What is typed of what a job asks Slurm for. */
export interface SlurmFlags {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly time?: string;
  readonly gpus?: string;
  readonly gpuType?: string;
  readonly cpus?: string;
  readonly mem?: string;
  readonly constraint?: string;
  /** `false` where `--no-requeue` was typed. */
  readonly requeue?: boolean;
}

/** Adds the options; those that are left out of a resumed run are as its record says. */
export function addSlurmOptions(command: Command): Command {
  command
    .option("--partition <name>", "slurm: where the job waits (the cluster's default)")
    .option("--account <name>", "slurm: who pays for it")
    .option("--qos <name>", "slurm: its quality of service")
    .option("--time <limit>", "slurm: its time limit, as Slurm writes it: 90, 1:30:00, 2-12")
    .option("--gpu-type <type>", "slurm: their kind, as the cluster calls it, such as h100")
    .option("--cpus <n>", "slurm: CPUs for each process (the cluster's default)")
    .option("--mem <size>", "slurm: memory on each node, such as 64G (the cluster's default)")
    .option("--constraint <features>", "slurm: what the node must have")
    .option("--no-requeue", "slurm: not to begin again after preemption or a node's failure");
  // A sweep has its own, which stands for this one with the launcher slurm.
  if (command.options.some(({ long }) => long === "--gpus")) return command;
  return command.option(
    "--gpus <n>",
    "slurm: GPUs on each node (one a process; with --device cpu, or auto where there are none, 0)",
  );
}

/**
 * What was typed, and nothing that was not.
 *
 * @throws FoveaError FOV0040
 */
export function readSlurm(flags: SlurmFlags): Partial<SlurmOptions> | undefined {
  const { time, gpus, cpus, mem } = flags;
  const read: { readonly [K in keyof SlurmOptions]: SlurmOptions[K] | undefined } = {
    partition: text("--partition", flags.partition),
    account: text("--account", flags.account),
    qos: text("--qos", flags.qos),
    time: time === undefined ? undefined : readTime(time),
    gpus: count(gpus, { option: "--gpus", least: 0, unit: "GPUs", example: "1" }),
    gpuType: text("--gpu-type", flags.gpuType),
    cpus: count(cpus, { option: "--cpus", least: 1, unit: "CPUs", example: "8" }),
    memory: mem === undefined ? undefined : readMemory(mem),
    constraint: text("--constraint", flags.constraint),
    requeue: flags.requeue === false ? false : undefined,
  };
  const said = Object.entries(read).filter(([, value]) => value !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

function text(option: string, word: string | undefined): string | undefined {
  if (word === undefined || /^[^\s,-][^\s]*$/.test(word)) return word;
  throw optionMistake(option, word, "not a name that Slurm can have", {
    allowed: "a word without blanks",
    fix: `leave ${option} out for the cluster's default`,
  });
}

function count(
  word: string | undefined,
  rule: {
    readonly option: string;
    readonly least: 0 | 1;
    readonly unit: string;
    readonly example: string;
  },
): number | undefined {
  return word === undefined ? undefined : parseWhole(word, { ...rule, most: 1024 });
}

/** Seconds of days, hours, minutes and seconds, for each form that Slurm writes. */
const TIMES: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^(\d+)$/, [60]],
  [/^(\d+):(\d+)$/, [60, 1]],
  [/^(\d+):(\d+):(\d+)$/, [3600, 60, 1]],
  [/^(\d+)-(\d+)$/, [86_400, 3600]],
  [/^(\d+)-(\d+):(\d+)$/, [86_400, 3600, 60]],
  [/^(\d+)-(\d+):(\d+):(\d+)$/, [86_400, 3600, 60, 1]],
];
const LONGEST = 366 * 86_400;

function readTime(word: string): number {
  for (const [form, units] of TIMES) {
    const parts = form.exec(word)?.slice(1).map(Number);
    const seconds = parts?.reduce((sum, part, at) => sum + part * (units[at] ?? 0), 0) ?? 0;
    if (seconds > 0 && seconds <= LONGEST) return seconds;
  }
  throw optionMistake("--time", word, "not a time limit", {
    allowed:
      "minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes or days-hours:minutes:seconds, over 0 and up to a year",
    fix: "write --time 1-00:00:00 for a day",
  });
}

const MEBIBYTES = { K: 1 / 1024, M: 1, G: 1024, T: 1024 ** 2 } as const;

/** MiB; a plain number is in MiB, as Slurm reads it. */
function readMemory(word: string): number {
  const [, digits = "", unit = "M"] = /^(\d+)([KMGT])?B?$/i.exec(word) ?? [];
  const size = Math.ceil(Number(digits) * MEBIBYTES[unit.toUpperCase() as keyof typeof MEBIBYTES]);
  if (digits !== "" && size > 0 && size <= 2 ** 30) return size;
  throw optionMistake("--mem", word, "not a size of memory", {
    allowed: "a whole number with K, M, G or T, over 0; without one it is in M",
    fix: "write --mem 64G",
  });
}

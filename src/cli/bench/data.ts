import type { Command } from "commander";
import { classifier, dense, experiment, network, stem } from "../../dsl/index.js";
import { benchData } from "../../harness/bench-data.js";
import { type Data, isDense } from "../../ir/data.js";
import { FoveaError } from "../../ir/error.js";
import type { Experiment } from "../../ir/experiment.js";
import { findPython } from "../../launch/python.js";
import { loadData } from "../../load/load-data.js";
import { dataBenchText } from "../../report/data-bench.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { optionMistake, parseWhole } from "../whole.js";

/** `fovea bench data`, its words as they were typed. */
export interface DataBenchOptions {
  readonly batches?: string;
  readonly rounds?: string;
  readonly workers?: string;
  readonly batch?: string;
}

/** Images a batch of the dense tasks' published recipes. */
const DENSE_BATCH = 16;
const MOST_WORKERS = 256;

/**
 * Measures the data of an experiment, or data that a file exports alone.
 *
 * @throws FoveaError for every mistake in the options, the file or the data
 */
export async function runDataBench(
  io: Io,
  target: string,
  options: DataBenchOptions,
): Promise<ExitCode> {
  const cwd = process.cwd();
  const batches = whole("--batches", options.batches ?? "8", "batches");
  const rounds = whole("--rounds", options.rounds ?? "3", "rounds");
  const batch = options.batch === undefined ? null : whole("--batch", options.batch, "images");
  const { data, experiment: declared } = await loadData(target, { cwd });
  const workers = parseWorkers(options.workers, data);
  const request = { workers, batches, rounds };
  const measured = isDense(data)
    ? { ...request, experiment: null, data, batch: batch ?? DENSE_BATCH }
    : {
        ...request,
        experiment: withBatch(declared ?? plain(data), batch),
        data: null,
        batch: null,
      };
  const bench = await benchData(measured, { python: findPython(cwd), onNote: io.note });
  if (io.json) await io.result(bench);
  else await io.print(dataBenchText(bench));
  return EXIT.done;
}

/** @throws FoveaError FOV0040 for an option of `fovea bench` that would have no effect */
export function refuseForeign(command: Command): void {
  const { parent } = command;
  const own = new Set(command.options.map((option) => option.long));
  const foreign = parent?.options.find(
    (option) =>
      !own.has(option.long) && parent.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (foreign === undefined) return;
  throw new FoveaError({
    code: "FOV0040",
    message: `${foreign.long} is for kernels and networks, and this times data`,
    path: foreign.long ?? "",
    allowed: [...own].join(", "),
    fix: `leave out ${foreign.long}`,
  });
}

function whole(option: string, written: string, unit: string): number {
  return parseWhole(written, { option, most: 65_536, unit, example: "8" });
}

/** A list of numbers from 0; none and the data's own where it is not given. */
function parseWorkers(written: string | undefined, data: Data): readonly number[] {
  if (written === undefined) return "workers" in data ? [...new Set([0, data.workers])] : [0];
  return written.split(",").map((word) => {
    const number = /^\d{1,3}$/.test(word) ? Number(word) : Number.NaN;
    if (number <= MOST_WORKERS) return number;
    throw optionMistake("--workers", written, "not numbers of processes", {
      allowed: `whole numbers from 0 to ${MOST_WORKERS}, with commas between them`,
      fix: "write --workers 0,1,2",
    });
  });
}

function withBatch(declared: Experiment, batch: number | null): Experiment {
  if (batch === null) return declared;
  return { ...declared, recipe: { ...declared.recipe, batch } };
}

/** Data alone are measured as a network of 224×224 pixels takes them, without augmentation. */
function plain(data: Data): Experiment {
  const taker = network("taker", {
    input: { channels: 3, size: 224 },
    stem: stem.patchify({ stride: 4 }),
    depths: [1],
    widths: [8],
    mixers: [dense({ kernel: 7 })],
    head: classifier(1),
  });
  return experiment({ name: "data", network: taker, data });
}

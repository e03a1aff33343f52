import { validateData, validateExperiment } from "../dsl/index.js";
import { Data } from "../ir/data.js";
import { FoveaError } from "../ir/error.js";
import type { Experiment } from "../ir/experiment.js";
import { IN_A_SENTENCE, showValue } from "../ir/printable.js";
import { defaultOf } from "./default-export.js";
import { loadFile, loadShipped } from "./load-target.js";

/** Data behind a FILE of the command line. */
export interface DataTarget {
  readonly data: Data;
  /** The experiment that trains on them; `null` where the file exports data alone. */
  readonly experiment: Experiment | null;
}

const ALLOWED = "an experiment, or data: what imageFolder(), coco() and the others return";

/**
 * Loads a shipped experiment by its name, or a user's file that exports an experiment or data.
 *
 * @param target - what the user wrote; a shipped name wins over a file of that name
 * @throws FoveaError FOV0034 for any other default export, and what is wrong with the file
 */
export async function loadData(target: string, { cwd }: { cwd: string }): Promise<DataTarget> {
  const shipped = loadShipped(target);
  if (shipped === undefined) return (await loadFile(target, cwd, readData)).found;
  const { experiment } = shipped;
  if (experiment !== null) return { data: experiment.data, experiment };
  throw new FoveaError({
    code: "FOV0034",
    message: `${target} is a network: it has no data`,
    value: target,
    allowed: ALLOWED,
    fix: "name the file of an experiment",
  });
}

function readData(exports: object): DataTarget {
  const value = defaultOf(exports);
  const { kind, type } = (typeof value === "object" && value !== null ? value : {}) as {
    kind?: unknown;
    type?: unknown;
  };
  if (kind === "experiment") {
    const experiment = validateExperiment(value);
    return { data: experiment.data, experiment };
  }
  if (Data.options.some(({ shape }) => shape.type.value === type)) {
    return { data: validateData(value), experiment: null };
  }
  throw new FoveaError({
    code: "FOV0034",
    message: `the default export is ${showValue(value, IN_A_SENTENCE)}`,
    value,
    allowed: ALLOWED,
    fix: "export what experiment() returns, or what imageFolder(), coco() and the others return",
  });
}

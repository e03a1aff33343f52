import { isSweep, validateExperiment, validateNetwork, validatePeer } from "../dsl/index.js";
import { FoveaError, isFoveaError } from "../ir/error.js";
import type { Experiment } from "../ir/experiment.js";
import { IN_A_SENTENCE, showValue } from "../ir/printable.js";
import type { Sweep } from "../ir/sweep.js";
import type { Trainable } from "../ir/trainable.js";
import { sweepNetworks } from "./sweep-networks.js";

/** What a file declares. */
export interface Declared {
  /** What an experiment trains, or what was exported: networks and peers in their order. */
  readonly trainables: readonly Trainable[];
  readonly experiment: Experiment | null;
  readonly sweep: Sweep | null;
  /** What the user is to be told of it, such as networks of a sweep that got other names. */
  readonly notes: readonly string[];
}

const ALLOWED = "a network, a peer, a list of them, an experiment or a sweep";
const ALONE = { experiment: null, sweep: null, notes: [] } as const;

/**
 * @param exports - a module's
 * @throws FoveaError FOV0034 for any other default export, FOV0005 for two networks of one name,
 *   and the declaration's own errors for objects that were changed or written by hand
 */
export function readDefaultExport(exports: object): Declared {
  const value = defaultOf(exports);
  if (Array.isArray(value)) return { ...ALONE, trainables: readList(value) };
  if (kindOf(value) === "experiment") {
    const experiment = validateExperiment(value);
    return { ...ALONE, trainables: [experiment.network], experiment };
  }
  if (isSweep(value)) return { ...ALONE, ...sweepNetworks(value), sweep: value };
  if (kindOf(value) === "sweep") throw copiedSweep(value);
  const trainable = readTrainable(value);
  if (trainable !== undefined) return { ...ALONE, trainables: [trainable] };
  throw wrongExport(value);
}

/** Points that somebody changed or wrote by hand are nothing that sweep() checked and hashed. */
function copiedSweep(value: unknown): FoveaError {
  return new FoveaError({
    code: "FOV0034",
    message: "the default export looks like a sweep, and is none that sweep() made",
    value,
    allowed: "what sweep() returns, itself",
    fix: "export default sweep({ base, over, seeds }); another sweep of the same is another call",
  });
}

/** A network or a peer; `undefined` for anything else. */
function readTrainable(value: unknown): Trainable | undefined {
  if (kindOf(value) === "network") return validateNetwork(value);
  return kindOf(value) === "timm" ? validatePeer(value) : undefined;
}

/** The default export; of a CommonJS file, `module.exports`. */
export function defaultOf(exports: object): unknown {
  if ("default" in exports) return exports.default;
  if (kindOf(exports) !== undefined || Array.isArray(exports)) return exports;
  const names = Object.keys(exports);
  throw new FoveaError({
    code: "FOV0034",
    message: "the file has no default export",
    allowed: ALLOWED,
    fix:
      names[0] === undefined
        ? "write export default network(…)"
        : `write export default ${names[0]}`,
  });
}

function readList(list: readonly unknown[]): readonly Trainable[] {
  if (list.length === 0) {
    throw new FoveaError({
      code: "FOV0034",
      message: "the default export is an empty list",
      value: list,
      allowed: ALLOWED,
      fix: "put a network in the list",
    });
  }
  // A hole in the list is an entry too.
  const trainables = Array.from(list, (each, index) => {
    const read = within(index, () => readTrainable(each));
    if (read === undefined) throw wrongExport(each, `entry ${index} of the default export`);
    return read;
  });
  trainables.forEach(({ name }, index) => {
    const first = trainables.findIndex((each) => each.name === name);
    if (first !== index) throw sameName(name, first, index);
  });
  return trainables;
}

/** Paths of a mistake start at the list. */
function within<T>(index: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    throw error.with({ path: `[${index}].${error.details.path ?? ""}` });
  }
}

function sameName(name: string, first: number, second: number): FoveaError {
  return new FoveaError({
    code: "FOV0005",
    message: `networks ${first} and ${second} of the list are both called ${name}`,
    path: `[${second}].name`,
    value: name,
    allowed: "a name of its own for each network",
    fix: `call one of them ${name}_${second + 1}`,
  });
}

function wrongExport(value: unknown, what = "the default export"): FoveaError {
  let fix = "export what network() or experiment() returns, or sweep() or timm()";
  if (typeof value === "function") fix = "call the function and export what it returns";
  if (value instanceof Promise) fix = "await the promise and export what it gives";
  return new FoveaError({
    code: "FOV0034",
    message: `${what} is ${showValue(value, IN_A_SENTENCE)}`,
    value,
    allowed: ALLOWED,
    fix,
  });
}

function kindOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { kind?: unknown }).kind;
}

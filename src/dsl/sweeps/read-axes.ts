import { FoveaError } from "../../ir/error.js";
import { LIMITS } from "../../ir/limits.js";
import { IN_A_SENTENCE, showValue } from "../../ir/printable.js";
import { readOptions } from "../declare.js";
import { WRITTEN_BY_US, wrongValue } from "../mistake.js";
import { type Path, pathText } from "../place.js";
import { covers, parseSettingPath, type SettingKeys } from "../settings/setting-path.js";
import { plainCopy } from "./plain-copy.js";

/** Makes a value of what the axes before made of the base, and of their values. */
type MakeValue = (experiment: unknown, axes: unknown) => unknown;

/** A value on an axis, or what makes it. */
type AxisEntry = { readonly make: MakeValue } | { readonly value: unknown };

/** One of a sweep's axes. */
export interface Axis {
  /** As it was written. */
  readonly path: string;
  readonly keys: SettingKeys;
  /** At least one. */
  readonly entries: readonly AxisEntry[];
}

/**
 * The axes of a sweep in the order written. Their runs are counted before any value is looked at.
 *
 * @param over - anything
 * @param seeds - how many seeds are given; `undefined` where none are
 * @throws FoveaError of the first axis that is wrong, FOV0022 for too many runs, FOV0110 for axes
 *   that undo each other
 */
export function readAxes(over: unknown, seeds: number | undefined): readonly Axis[] {
  const lists = Object.entries(readOver(over)).map(([path, list]) => {
    const keys = parseSettingPath(path);
    if (keys === undefined) throw noPath(path, list);
    if (WRITTEN_BY_US.has(keys.at(-1) ?? "")) throw writtenByUs(path, list);
    return { path, keys, list: readList(path, list) };
  });
  countRuns([...lists.map(({ list }) => list.length), seeds ?? 1]);
  const axes = lists.map(({ path, keys, list }) => ({
    path,
    keys,
    // A hole in the list is an entry too.
    entries: Array.from(list, (entry, index) => readEntry(entry, ["over", path, index])),
  }));
  axes.forEach((axis, index) => {
    refuseUndoing(axis, axes.slice(0, index));
  });
  const seed = axes.find(({ keys }) => keys.join(".") === "seed");
  if (seed !== undefined && seeds !== undefined) throw bothSeeds(seed);
  return axes;
}

function readOver(over: unknown): Record<string, unknown> {
  if (typeof over === "object" && over !== null && !Array.isArray(over)) {
    return readOptions("over", over);
  }
  throw wrongValue(["over"], over, {
    allowed: "an object with a list of values for each dotted path",
    example: '{ "recipe.lr": [1e-3, 2e-3] }',
  });
}

function readList(path: string, list: unknown): readonly unknown[] {
  if (Array.isArray(list) && list.length > 0) return list;
  const none = Array.isArray(list);
  throw wrongValue(["over", path], list, {
    allowed: none
      ? "at least one value: the runs are the product of all axes"
      : "a list of values, or of functions (experiment, axes) => value",
    example: "[…]",
  }).with({
    fix: none
      ? "give the axis a value, or remove it"
      : `write [${showValue(list, IN_A_SENTENCE)}] for a single value`,
  });
}

function readEntry(entry: unknown, path: Path): AxisEntry {
  if (typeof entry === "function") return { make: entry as MakeValue };
  const value = plainCopy(entry);
  if (value !== undefined) return { value };
  throw wrongValue(path, entry, {
    allowed:
      "plain data, what the DSL's functions return, or a function (experiment, axes) => value",
    example: "…",
  }).with({ fix: "give a value, or remove the entry" });
}

function countRuns(lengths: readonly number[]): void {
  const runs = lengths.reduce((product, length) => product * length, 1);
  if (runs <= LIMITS.sweepRuns) return;
  throw new FoveaError({
    code: "FOV0022",
    message: `the sweep has ${runs} runs: ${lengths.join(" × ")}, the seeds last`,
    path: "over",
    related: ["seeds"],
    value: runs,
    allowed: `at most ${LIMITS.sweepRuns} runs, counted before where() leaves any out`,
    fix: "give the axes fewer values, or make several sweeps of it",
  });
}

/** A plain value of a whole part would wipe out what an axis before it wrote there. */
function refuseUndoing(axis: Axis, before: readonly Axis[]): void {
  const undone = before.find(({ keys }) => covers(axis.keys, keys));
  const plain = axis.entries.findIndex((entry) => "value" in entry);
  if (undone === undefined || plain < 0) return;
  throw new FoveaError({
    code: "FOV0110",
    message: `the axis ${axis.path} replaces what ${undone.path} before it sets`,
    path: pathText(["over", axis.path, plain]),
    allowed: "a whole part before its options, or functions that make it of the experiment",
    fix: `write ${axis.path} before ${undone.path}, or remove one of them`,
  });
}

function bothSeeds({ path }: Axis): FoveaError {
  return new FoveaError({
    code: "FOV0110",
    message: "the sweep has seeds, and an axis seed beside them",
    path: pathText(["over", path]),
    allowed: "one of the two",
    fix: "remove the axis, and write its values in seeds",
  });
}

/** What a part is comes from the function that made it, and has other options beside it. */
function writtenByUs(path: string, list: unknown): FoveaError {
  const part = path.replace(/\.?\w+$/, "");
  return new FoveaError({
    code: "FOV0041",
    message: `there is no setting ${showValue(path, IN_A_SENTENCE)}: the DSL's functions write it`,
    path: pathText(["over", path]),
    value: list,
    allowed: "a dotted path to an option, or to a whole part",
    fix: part === "" ? "remove the axis" : `make ${part} the axis, with whole parts for its values`,
  });
}

function noPath(path: string, list: unknown): FoveaError {
  return new FoveaError({
    code: "FOV0041",
    message: `there is no setting ${showValue(path, IN_A_SENTENCE)}`,
    path: pathText(["over", path]),
    value: list,
    allowed: "a dotted path into the experiment",
    fix: 'write "recipe.lr" or "network.mixers[*].kernel"',
  });
}

import { FoveaError } from "../ir/error.js";
import type { Experiment, ExperimentOf } from "../ir/experiment.js";
import { contentHash } from "../ir/hash.js";
import { ExperimentName } from "../ir/name.js";
import type { Sweep, SweepPoint } from "../ir/sweep.js";
import type { Trainable } from "../ir/trainable.js";
import { readOptions } from "./declare.js";
import { unknownOption, wrongValue } from "./mistake.js";
import type { AxesOf, AxisValues, CheckedAxes } from "./sweeps/axis-types.js";
import { expand } from "./sweeps/expand.js";
import { readAxes } from "./sweeps/read-axes.js";
import { readBase } from "./sweeps/read-base.js";
import { readSeeds } from "./sweeps/read-seeds.js";
import { callWritten, wrongResult } from "./sweeps/written-function.js";
import { WORDS } from "./words.js";

export interface SweepOptions<N extends Trainable, O> {
  /** What every run is but for the axes. */
  readonly base: ExperimentOf<N>;
  /**
   * Lists of values by dotted paths into the experiment (those of `--set`; `[*]` stands for every
   * entry of a list): `{ "network.mixers[*].kernel": [31, 51], "recipe.lr": [1e-3, 2e-3] }`. The
   * runs are the product, the first axis slowest. A whole part is an axis too (`network`, `recipe`,
   * `sparsity`, `data`), completed as `experiment()` does. A function in place of a value makes it
   * of the experiment as the axes before made it, and of their values.
   */
  readonly over: CheckedAxes<N, O>;
  /** Whole numbers from 0, fastest of all; the base's where they are not given. */
  readonly seeds?: readonly number[] | undefined;
  /** Whether a run is wanted; all are where it is not given. */
  readonly where?:
    | ((point: {
        readonly axes: AxisValues<O>;
        readonly seed: number;
        readonly experiment: "network" extends keyof O ? Experiment : ExperimentOf<N>;
      }) => boolean)
    | undefined;
  /** What tables and reports call the sweep, the base's name where it is not given; runs keep theirs. */
  readonly name?: string | undefined;
}

const OPTIONS = ["base", "over", "seeds", "where", "name"];

/** What {@link sweep} made: nothing else is a sweep, because only its points belong together. */
const MADE = new WeakSet<object>();

/** Whether a value is what {@link sweep} returned itself, and no copy of it. */
export function isSweep(value: unknown): value is Sweep {
  return typeof value === "object" && value !== null && MADE.has(value);
}

/**
 * Declares runs that belong together: an experiment over the product of axes, each one completed
 * and checked as `experiment()` does, and each once, by its content.
 *
 * @returns the runs, expanded, in the order of the product; nothing of it can be changed
 * @throws FoveaError of the first option that is unknown, missing or wrong, of the axis that makes
 *   a run wrong, and FOV0022 for more than 10,000 runs, counted before they are made
 */
export function sweep<N extends Trainable, const O extends AxesOf<N>>(
  options: SweepOptions<N, O>,
): Sweep {
  const given = readOptions("sweep", options);
  const unknown = Object.keys(given).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) throw unknownOption("sweep", [unknown], given, OPTIONS);
  const base = readBase(given["base"]);
  const name = readName(given["name"] ?? base.name);
  const seeds = readSeeds(given["seeds"]);
  const where = readWhere(given["where"]);
  const axes = readAxes(given["over"], seeds?.length);

  const points = new Map<string, SweepPoint>();
  for (const { axes: values, experiment } of expand(base, axes)) {
    for (const seed of seeds ?? [experiment.seed]) {
      const seeded = seed === experiment.seed ? experiment : Object.freeze({ ...experiment, seed });
      const point = Object.freeze({ axes: values, seed, experiment: seeded });
      if (where !== undefined && !isWanted(where, point)) continue;
      const hash = contentHash(seeded);
      if (!points.has(hash))
        points.set(hash, Object.freeze({ axes: values, seed, hash, experiment: seeded }));
    }
  }
  if (points.size === 0) throw nothingLeft(where);
  const made: Sweep = Object.freeze({
    kind: "sweep",
    name,
    axes: Object.freeze(axes.map(({ path }) => path)),
    points: Object.freeze([...points.values()]),
  });
  MADE.add(made);
  return made;
}

function readName(name: unknown): string {
  const words = WORDS["experiment.name"];
  const result = ExperimentName.safeParse(name);
  if (result.success || words === undefined) return String(name);
  throw wrongValue(["name"], name, words, words.code);
}

type WherePoint = Pick<SweepPoint, "axes" | "seed" | "experiment">;
type Where = (point: WherePoint) => unknown;

function readWhere(where: unknown): Where | undefined {
  if (where === undefined || typeof where === "function") return where as Where | undefined;
  throw wrongValue(["where"], where, {
    allowed: "a function ({ axes, seed, experiment }) => boolean",
    example: "({ axes }) => axes[…] !== …",
  });
}

const YES_NO = "true for a run that is wanted, false for one that is not";

function isWanted(where: Where, point: WherePoint): boolean {
  const wanted = callWritten("where", YES_NO, () => where(point));
  if (typeof wanted === "boolean") return wanted;
  throw wrongResult("where", wanted, { allowed: YES_NO, fix: "return a comparison" });
}

function nothingLeft(where: unknown): FoveaError {
  return new FoveaError({
    code: "FOV0112",
    message: "where() leaves no run of the sweep",
    path: "where",
    value: where,
    allowed: "a function that returns true for one run at least",
    fix: "look at what it compares: axes has the values by their paths, as they are written",
  });
}

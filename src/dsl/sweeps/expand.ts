import { isFoveaError } from "../../ir/error.js";
import { Experiment } from "../../ir/experiment.js";
import { validateExperiment } from "../check-experiment.js";
import { parse } from "../declare.js";
import { pathText } from "../place.js";
import { type Setting, writeSetting } from "../settings/write-setting.js";
import { blame, inTheRun, type WrittenSetting } from "./blame.js";
import type { Axis } from "./read-axes.js";
import { makeValue } from "./written-function.js";

/** An experiment of the product, before its seeds. */
export interface Combination {
  /** Values by the axes' paths. */
  readonly axes: Readonly<Record<string, unknown>>;
  readonly experiment: Experiment;
}

/**
 * The product of axes over an experiment, the first axis slowest.
 *
 * @throws FoveaError of the first combination that is no right experiment, at the axis that makes
 *   it wrong
 */
export function* expand(base: Experiment, axes: readonly Axis[]): Generator<Combination> {
  const all = axes.map(({ keys }) => keys);

  function* below(
    experiment: Experiment,
    settings: readonly WrittenSetting[],
  ): Generator<Combination> {
    const axis = axes[settings.length];
    const values = Object.freeze(
      Object.fromEntries(settings.map((each) => [each.path, each.value])),
    );
    if (axis === undefined) {
      yield {
        axes: values,
        experiment: blaming(base, settings, () => validateExperiment(experiment)),
      };
      return;
    }
    // A function may count on the types of what it is given, if not yet on what must agree.
    if (axis.entries.some((entry) => "make" in entry)) {
      blaming(base, settings, () => parse("experiment", Experiment, experiment));
    }
    for (const [index, entry] of axis.entries.entries()) {
      const at = ["over", axis.path, index];
      const value =
        "make" in entry
          ? makeValue(pathText(at), () => entry.make(experiment, values))
          : entry.value;
      const setting = { path: axis.path, keys: axis.keys, value, at };
      yield* below(written(experiment, setting, all, settings), [...settings, setting]);
    }
  }

  yield* below(base, []);
}

function written(
  experiment: Experiment,
  setting: WrittenSetting,
  all: readonly Setting["keys"][],
  before: readonly Setting[],
): Experiment {
  try {
    return writeSetting(experiment, setting, all);
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    const list = before.length > 0 ? inTheRun(before) : {};
    throw error.with({ ...list, path: pathText(["over", setting.path]) });
  }
}

function blaming<T>(base: Experiment, settings: readonly WrittenSetting[], check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw isFoveaError(error) ? blame(error, base, settings) : error;
  }
}

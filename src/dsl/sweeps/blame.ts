import { type FoveaError, isFoveaError } from "../../ir/error.js";
import type { Experiment } from "../../ir/experiment.js";
import { IN_A_SENTENCE, showValue } from "../../ir/printable.js";
import { validateExperiment } from "../check-experiment.js";
import { type Path, pathText } from "../place.js";
import { covers, parseSettingPath } from "../settings/setting-path.js";
import { type Setting, writeSetting } from "../settings/write-setting.js";

/** A setting, with the way to its value from the sweep's options. */
export interface WrittenSetting extends Setting {
  readonly at: Path;
}

/**
 * The mistake of an experiment told as one of the axis that makes it: the last that wrote where the
 * mistake is, else the last without which there is none.
 *
 * @param settings - what the axes wrote, in their order; the base alone is right
 */
export function blame(
  error: FoveaError,
  base: Experiment,
  settings: readonly WrittenSetting[],
): FoveaError {
  const keys = parseSettingPath(error.details.path ?? "") ?? [];
  const list = settings.length > 1 ? inTheRun(settings) : {};
  const writer = settings.findLast((each) => covers(each.keys, keys));
  if (writer !== undefined) {
    const rest = keys.slice(writer.keys.length);
    return error.with({ ...list, path: `${pathText(writer.at)}${pathBelow(rest)}`, related: [] });
  }
  const cause = settings.findLast((each) =>
    isRight(
      base,
      settings.filter((x) => x !== each),
    ),
  );
  const { at, value } = cause ?? settings.at(-1) ?? { at: ["over"], value: error.details.value };
  return error.with({ ...list, path: pathText(at), related: [], value });
}

function isRight(base: Experiment, settings: readonly WrittenSetting[]): boolean {
  const all = settings.map(({ keys }) => keys);
  try {
    validateExperiment(settings.reduce((root, each) => writeSetting(root, each, all), base));
    return true;
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    return false;
  }
}

function pathBelow(keys: readonly string[]): string {
  return keys.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join("");
}

/** Which run it is, a line of the mistake. */
export function inTheRun(settings: readonly Setting[]): { readonly list: readonly string[] } {
  const values = settings.map(({ path, value }) => `${path} ${inWords(value)}`);
  return { list: [`in the run with ${values.join(", ")}`] };
}

/** A network is told by its name. */
function inWords(value: unknown): string {
  const { name } = (value ?? {}) as { readonly name?: unknown };
  return typeof name === "string" ? name : showValue(value, IN_A_SENTENCE);
}

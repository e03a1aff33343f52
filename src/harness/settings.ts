import { parseSettingPath, type Setting, validateExperiment, writeSetting } from "../dsl/index.js";
import { FoveaError, isFoveaError } from "../ir/error.js";
import type { Experiment } from "../ir/experiment.js";

/**
 * Applies `--set path=value` to an experiment and checks the result as if it had been declared so.
 * A value is read as JSON, else as text (contract, line 12).
 *
 * @param assignments - as they were typed, such as `recipe.lr=0.01` or `network.mixers[0].kernel=31`
 * @throws FoveaError FOV0040 for what is no assignment, FOV0041 for an unknown path, and the
 *   declaration's own errors for a wrong value
 */
export function applySettings(experiment: Experiment, assignments: readonly string[]): Experiment {
  if (assignments.length === 0) return experiment;
  const settings = assignments.map(parseAssignment);
  const all = settings.map(({ keys }) => keys);
  const changed = settings.reduce((root, each) => writeSetting(root, each, all), experiment);
  try {
    return validateExperiment(changed);
  } catch (error) {
    throw isFoveaError(error) ? named(error, settings) : error;
  }
}

function parseAssignment(text: string): Setting {
  const at = text.indexOf("=");
  const path = text.slice(0, Math.max(0, at)).trim();
  const keys = parseSettingPath(path);
  if (keys === undefined) {
    throw new FoveaError({
      code: "FOV0040",
      message: "--set takes path=value",
      value: text,
      allowed: "a dotted path, an equals sign and a value",
      fix: "--set recipe.lr=0.01",
    });
  }
  const written = text.slice(at + 1);
  return { path, keys, value: readValue(written) };
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A mistake of the experiment as a whole is told by the one path that was typed. */
function named(error: FoveaError, settings: readonly Setting[]): FoveaError {
  const [only] = settings;
  if (error.details.path || only === undefined || settings.length > 1) return error;
  return error.with({ path: only.path, value: only.value });
}

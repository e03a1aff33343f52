import { completeSparsity, usualBranch, validateExperiment } from "../dsl/index.js";
import { FoveaError, isFoveaError } from "../ir/error.js";
import type { Experiment } from "../ir/experiment.js";
import { nearest } from "../ir/nearest.js";

/** One `--set`: a dotted path in the DSL's spelling and the value to write there. */
interface Setting {
  readonly path: string;
  readonly keys: readonly string[];
  readonly value: unknown;
}

/**
 * Applies `--set path=value` to an experiment and checks the result as if it had been declared so.
 * A value is read as JSON, else as text (contract, line 12). With another `centre`, a branch that
 * is the usual one of the old centre becomes the new one's, unless it is set as well.
 *
 * @param assignments - as they were typed, such as `recipe.lr=0.01` or `network.mixers[0].kernel=31`
 * @throws FoveaError FOV0040 for what is no assignment, FOV0041 for an unknown path, and the
 *   declaration's own errors for a wrong value
 */
export function applySettings(experiment: Experiment, assignments: readonly string[]): Experiment {
  if (assignments.length === 0) return experiment;
  const changed: Record<string, unknown> = structuredClone(experiment);
  const settings = assignments.map(parseAssignment);
  const set = new Set(settings.map(({ keys }) => keys.join(".")));
  for (const setting of settings) {
    write(changed, setting, set);
    // A sparsity that is set as a whole may leave out what a declared one may.
    changed["sparsity"] = completeSparsity(changed["sparsity"]);
  }
  try {
    return validateExperiment(changed);
  } catch (error) {
    throw isFoveaError(error) ? named(error, settings) : error;
  }
}

function parseAssignment(text: string): Setting {
  const at = text.indexOf("=");
  const path = text.slice(0, Math.max(0, at)).trim();
  const keys = path.replace(/\[(\d+)\]/g, ".$1").split(".");
  if (path === "" || keys.some((key) => key === "")) {
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

/** @param set - the paths of all settings, dotted */
function write(root: unknown, { path, keys, value }: Setting, set: ReadonlySet<string>): void {
  let holder = root;
  keys.forEach((key, depth) => {
    if (!has(holder, key)) throw unknownPath(root, holder, keys, depth, path);
    if (depth < keys.length - 1) {
      holder = holder[key];
      return;
    }
    const branch = [...keys.slice(0, -1), "branch"].join(".");
    if (key === "centre" && !set.has(branch)) followCentre(holder, value);
    holder[key] = value;
  });
}

/** The declaration is completed: whether its branch was written or is the usual one is not known. */
function followCentre(mixer: Record<string, unknown>, centre: unknown): void {
  const { type, branch, centre: old } = mixer;
  if (type !== "peripheral" || typeof old !== "number" || typeof centre !== "number") return;
  if (branch === usualBranch(old)) mixer["branch"] = usualBranch(centre);
}

function has(holder: unknown, key: string): holder is Record<string, unknown> {
  if (typeof holder !== "object" || holder === null) return false;
  if (Array.isArray(holder)) return /^\d+$/.test(key) && Number(key) < holder.length;
  return Object.hasOwn(holder, key);
}

function unknownPath(
  root: unknown,
  holder: unknown,
  keys: readonly string[],
  depth: number,
  path: string,
): FoveaError {
  const parent = keys.slice(0, depth).join(".");
  // Such as `sparsity`, where all weights are trained.
  if (holder === null) {
    return new FoveaError({
      code: "FOV0041",
      message: `there is no setting ${path}`,
      path,
      allowed: `${parent} is null, and has no settings of its own`,
      fix: `--set '${parent}={"${keys[depth]}":…}' sets it as a whole`,
    });
  }
  const here = Object.keys(typeof holder === "object" && holder !== null ? holder : {});
  const everywhere = pathsOf(root);
  const tail = keys.slice(depth).join(".");
  const close = [
    ...nearest(keys[depth] ?? "", here).map((key) => (parent === "" ? key : `${parent}.${key}`)),
    ...everywhere.filter((each) => each.endsWith(`.${tail}`)),
    ...nearest(keys.join("."), everywhere),
  ];
  const few = [...new Set(close)].slice(0, 3);
  return new FoveaError({
    code: "FOV0041",
    message: `there is no setting ${path}`,
    path,
    allowed:
      here.length === 0
        ? `${parent} has no settings`
        : `${parent === "" ? "" : `below ${parent}: `}${here.join(", ")}`,
    fix:
      few.length === 0
        ? "see `fovea runs show` for the settings"
        : `did you mean ${few.join(" or ")}?`,
  });
}

function pathsOf(value: unknown, prefix = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return [path, ...pathsOf(item, path)];
  });
}

/** A mistake of the experiment as a whole is told by the one path that was typed. */
function named(error: FoveaError, settings: readonly Setting[]): FoveaError {
  const [only] = settings;
  if (error.details.path || only === undefined || settings.length > 1) return error;
  return error.with({ path: only.path, value: only.value });
}

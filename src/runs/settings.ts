import type { RunRecord } from "../ir/run.js";

/** Settings by dotted path, in the DSL's spelling: `network.mixers[0].kernel`. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * A value's leaves by dotted path. Lists of numbers are one setting (`[51, 5]`, cells, depths);
 * lists of objects are many.
 */
export function flatten(
  value: unknown,
  path = "",
  into = new Map<string, unknown>(),
): ReadonlyMap<string, unknown> {
  if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
    value.forEach((item, index) => {
      flatten(item, `${path}[${index}]`, into);
    });
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, item] of Object.entries(value)) {
      flatten(item, path === "" ? key : `${path}.${key}`, into);
    }
  } else {
    into.set(path, value);
  }
  return into;
}

/**
 * All that `run.json` says, by path: the experiment's settings under their own paths, the rest
 * (`versions.torch`, `git.commit`, `launch.processes`, …) beside them.
 */
export function recordedSettings(record: RunRecord): ReadonlyMap<string, unknown> {
  const { experiment, v: _v, run: _run, hash: _hash, ...rest } = record;
  const { kind: _kind, ...settings } = experiment;
  return flatten({ ...settings, ...rest });
}

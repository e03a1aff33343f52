import type { Experiment } from "../ir/experiment.js";
import { canonicalJson } from "../ir/hash.js";
import { findRun } from "./find-run.js";
import { runRecord } from "./records.js";
import type { RunRow } from "./run-row.js";

/** Settings by dotted path, in the DSL's spelling: `network.mixers[0].kernel`. */
export type Settings = Readonly<Record<string, unknown>>;

/** One run in a comparison. */
export interface ComparedRun extends Pick<RunRow, "run" | "status" | "metrics"> {
  /** The settings that are not the same in all. */
  readonly differs: Settings;
}

/**
 * Runs side by side, in the order given.
 *
 * @throws FoveaError FOV0070 for an unknown id
 */
export function compareRuns(home: string, ids: readonly string[]): readonly ComparedRun[] {
  const rows = ids.map((id) => findRun(home, id));
  const differs = differences(rows.map(({ run, dir }) => runRecord(dir, run).experiment));
  return rows.map(({ run, status, metrics }, index) => ({
    run,
    status,
    metrics,
    differs: differs[index] ?? {},
  }));
}

/**
 * What tells runs apart: for each, exactly the settings that are not the same in all. A setting
 * that one of them does not have is `null` there.
 */
export function differences(experiments: readonly Experiment[]): readonly Settings[] {
  const flat = experiments.map((experiment) => flatten(experiment));
  const paths = [...new Set(flat.flatMap((settings) => [...settings.keys()]))];
  const differing = paths.filter(
    (path) => new Set(flat.map((settings) => canonicalJson(settings.get(path) ?? null))).size > 1,
  );
  return flat.map((settings) =>
    Object.fromEntries(differing.map((path) => [path, settings.get(path) ?? null])),
  );
}

/** Settings by dotted path. Lists of numbers are one setting (`[51, 5]`, cells, depths); lists of objects are many. */
export function flatten(
  value: unknown,
  path = "",
  into = new Map<string, unknown>(),
): Map<string, unknown> {
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

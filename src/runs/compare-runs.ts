import type { Experiment } from "../ir/experiment.js";
import { canonicalJson } from "../ir/hash.js";
import { findRun } from "./find-run.js";
import { runRecord } from "./records.js";
import type { RunRow } from "./run-row.js";
import { flatten, type Settings } from "./settings.js";

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

import type { Event } from "../ir/event.js";
import type { Experiment } from "../ir/experiment.js";
import { canonicalJson } from "../ir/hash.js";
import { findRun } from "./find-run.js";
import { packageHash } from "./package-hash.js";
import { runRecord } from "./records.js";
import type { RunRow } from "./run-row.js";
import { scanEvents } from "./scan-events.js";
import { flatten, type Settings } from "./settings.js";

/** One run in a comparison. */
export interface ComparedRun extends Pick<RunRow, "run" | "status" | "metrics"> {
  /** The settings that are not the same in all. */
  readonly differs: Settings;
  /**
   * What of the code is not the same in all: `versions.…`, `git.commit`, `git.dirty`, and `package`,
   * the SHA-256 of the generated files as they are on the disk.
   */
  readonly code: Settings;
  /** What else is not the same in all: launcher, processes, device, host, the data's digests. */
  readonly circumstances: Settings;
  /** The metrics less those of the first run, in their own unit; what one of the two lacks is not there. */
  readonly change: Readonly<Record<string, number>>;
}

/**
 * Runs side by side, in the order given.
 *
 * @throws FoveaError FOV0070 for an unknown id
 */
export function compareRuns(home: string, ids: readonly string[]): readonly ComparedRun[] {
  const rows = ids.map((id) => findRun(home, id));
  const records = rows.map(({ run, dir }) => runRecord(dir, run));
  const starts = rows.map(({ dir }) => lastStart(dir));
  const differs = differences(records.map(({ experiment }) => experiment));
  const code = differing(
    records.map((record, at) => {
      const { versions, git } = record;
      return flatten({
        versions: { ...versions, ...starts[at]?.versions },
        git: git ?? { commit: null, dirty: null },
        package: packageHash(rows[at]?.dir ?? "", record),
      });
    }),
  );
  const circumstances = differing(
    rows.map(({ launcher, processes, device, host }, at) => {
      const { data = {}, batch = null, host: facts = {} } = starts[at] ?? {};
      return flatten({ launcher, processes, device, machine: host, batch, data, host: facts });
    }),
  );
  return rows.map(({ run, status, metrics }, at) => ({
    run,
    status,
    metrics,
    differs: differs[at] ?? {},
    code: code[at] ?? {},
    circumstances: circumstances[at] ?? {},
    change: change(metrics, rows[0]?.metrics ?? {}),
  }));
}

/**
 * What tells runs apart: for each, exactly the settings that are not the same in all. A setting
 * that one of them does not have is `null` there.
 */
export function differences(experiments: readonly Experiment[]): readonly Settings[] {
  return differing(experiments.map((experiment) => flatten(experiment)));
}

function differing(flat: readonly ReadonlyMap<string, unknown>[]): readonly Settings[] {
  const paths = [...new Set(flat.flatMap((settings) => [...settings.keys()]))];
  const different = paths.filter(
    (path) => new Set(flat.map((settings) => canonicalJson(settings.get(path) ?? null))).size > 1,
  );
  return flat.map((settings) =>
    Object.fromEntries(different.map((path) => [path, settings.get(path) ?? null])),
  );
}

function lastStart(directory: string): Extract<Event, { type: "run_start" }> | null {
  let start: Extract<Event, { type: "run_start" }> | null = null;
  scanEvents(directory, {
    event: (event) => {
      if (event.type === "run_start") start = event;
    },
  });
  return start;
}

function change(
  metrics: RunRow["metrics"],
  first: RunRow["metrics"],
): Readonly<Record<string, number>> {
  if (metrics === first) return {};
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) => {
      const other = first[name];
      return typeof value === "number" && typeof other === "number" ? [[name, value - other]] : [];
    }),
  );
}

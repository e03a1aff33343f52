import type { RunRecord } from "../../ir/run.js";
import type { Sweep } from "../../ir/sweep.js";
import { differences } from "../../runs/compare-runs.js";

/** More settings than these make no axes: the experiment's name stands for them. */
const MOST_AXES = 5;

/** Tells nothing apart by itself, or is no setting of a row. */
const NO_AXIS = new Set(["seed", "network.description"]);

/** Runs that no sweep declares as one: its axes are the settings that are not the same in all. */
export function sweepOfRuns(records: readonly RunRecord[]): Sweep {
  const distinct = [...new Map(records.map((record) => [record.hash, record])).values()];
  const differing = differences(distinct.map(({ experiment }) => experiment));
  const paths = Object.keys(differing[0] ?? {}).filter((path) => !NO_AXIS.has(path));
  const axes = paths.length <= MOST_AXES ? paths : ["experiment"];
  return {
    kind: "sweep",
    name: "Runs",
    axes,
    points: distinct.map(({ hash, experiment }, index) => ({
      axes:
        paths.length <= MOST_AXES
          ? Object.fromEntries(paths.map((path) => [path, differing[index]?.[path]]))
          : { experiment: { ...experiment, seed: 0 } },
      seed: experiment.seed,
      hash,
      experiment,
    })),
  };
}

import { contentHash } from "../ir/hash.js";
import type { ReportedRun } from "./collect-run.js";
import type { DifferingFact } from "./components/view.js";
import { inOrder } from "./in-order.js";

/** Versions that say nothing of a training's figures. */
const HARMLESS_VERSIONS = new Set(["node", "tensorboard", "mlflow", "wandb"]);

interface FactOf {
  readonly name: string;
  readonly of: (run: ReportedRun) => string;
  /** What it means for a comparison where it is not the same in all; `null` where it is a choice. */
  readonly warning: string | null;
}

const FACTS: readonly FactOf[] = [
  {
    name: "git",
    of: ({ record: { git } }) =>
      git === null
        ? "no repository"
        : `${git.commit.slice(0, 12)}${git.dirty ? ", with changes" : ""}`,
    warning: "the code around them was not the same",
  },
  {
    name: "device",
    of: ({ start, record }) => start?.device ?? `${record.device.requested}, not started`,
    warning: "times cannot be compared, and arithmetic differs",
  },
  {
    name: "host",
    of: ({ record: { device } }) => device.host,
    warning: null,
  },
  { name: "GPUs", of: ({ record: { device } }) => device.gpus.join(", ") || "none", warning: null },
  {
    name: "processes",
    of: ({ start }) => `${start?.processes ?? 1}`,
    warning: null,
  },
  {
    name: "kernels",
    of: ({ record }) => (record.unverified ? "not verified" : "verified"),
    warning: "some trained with kernels that were not verified",
  },
];

/** What the runs were made with, where it is not the same in all of them. */
export function differingFacts(runs: readonly ReportedRun[]): readonly DifferingFact[] {
  return [...FACTS, ...versionFacts(runs)].flatMap(({ name, of, warning }) => {
    const values = inOrder(runs, of);
    return values.length < 2
      ? []
      : [
          {
            name,
            warning,
            values: values.map(([value, having]) => ({
              value,
              runs: having.map(({ row }) => row.run),
            })),
          },
        ];
  });
}

function versionFacts(runs: readonly ReportedRun[]): readonly FactOf[] {
  const of = (run: ReportedRun): Readonly<Record<string, string | null>> => ({
    ...run.record.versions,
    ...run.start?.versions,
  });
  const names = [...new Set(runs.flatMap((run) => Object.keys(of(run))))];
  return names.map((name) => ({
    name,
    // A run that never started has told nothing of Python's side.
    of: (run) => of(run)[name] ?? "not installed",
    warning: HARMLESS_VERSIONS.has(name) ? null : "other versions compute other figures",
  }));
}

/**
 * Why runs cannot simply be compared, a sentence each.
 *
 * @param varied - paths that the comparison varies on purpose
 */
export function comparisonWarnings(
  runs: readonly ReportedRun[],
  varied: readonly string[],
): readonly string[] {
  const started = runs.filter(({ start }) => start !== null);
  const facts = differingFacts(started).flatMap(({ name, warning, values }) => {
    if (warning === null) return [];
    const said = values.map(({ value, runs: having }) => `${value} (${having.length})`);
    return [`${name} differs: ${said.join(", ")}; ${warning}.`];
  });
  return [...facts, ...dirtyWarning(started), ...dataWarnings(started, varied)];
}

/** The same commit with changes need not be the same code. */
function dirtyWarning(runs: readonly ReportedRun[]): readonly string[] {
  const dirty = runs.filter(({ record }) => record.git?.dirty === true);
  if (dirty.length === 0 || runs.length < 2) return [];
  return [
    `${dirty.length} of ${runs.length} runs were started from a working tree with uncommitted changes: their code may differ though the commit does not.`,
  ];
}

/** What decides the bytes that a run reads: scenes of digits are drawn by its seed and size. */
function bytesOf({ record: { experiment } }: ReportedRun): string {
  const { data, seed, network } = experiment;
  return contentHash([data, ...(data.type === "digits" ? [seed, network.input] : [])]);
}

function dataWarnings(runs: readonly ReportedRun[], varied: readonly string[]): readonly string[] {
  const warnings: string[] = [];
  const declared = inOrder(runs, ({ record }) => contentHash(record.experiment.data));
  if (declared.length > 1 && !varied.some((path) => /^data\b/.test(path))) {
    warnings.push(`The runs are of ${declared.length} different declarations of data.`);
  }
  const read = runs.filter(({ start }) => start?.data !== undefined);
  const differs = inOrder(read, bytesOf).some(
    ([, same]) => inOrder(same, ({ start }) => contentHash(start?.data ?? {})).length > 1,
  );
  if (differs) {
    warnings.push(
      "Runs of the same declared data read other bytes: the files have changed between them.",
    );
  }
  return warnings;
}

import type { RunRecord } from "../ir/run.js";
import { findPython } from "../launch/python.js";
import { compareTraces, isReproduced, type TraceComparison } from "../runs/compare-traces.js";
import { findRunDirectory } from "../runs/find-run.js";
import { readStatus, runRecord } from "../runs/records.js";
import { type FactDifference, factDifferences, runFacts } from "../runs/run-facts.js";
import type { RunRow } from "../runs/run-row.js";
import { type RunTrace, readTrace } from "../runs/run-trace.js";
import { type DataFingerprint, fingerprintData } from "./data-fingerprint.js";
import type { LaunchRequest } from "./launch-request.js";
import {
  type PackageChoice,
  packageToTrain,
  requireReplayable,
  stepsToMake,
} from "./replayable.js";
import type { RequestedDevice } from "./resolve-device.js";
import { runExperiment } from "./run-experiment.js";
import type { RunObserver } from "./run-request.js";

/** One run to repeat. */
export interface ReplayRequest {
  readonly home: string;
  readonly cwd: string;
  /** Id of the run. */
  readonly run: string;
  /** Optimizer steps to make; `null` makes as many as the run recorded. */
  readonly steps: number | null;
  /** `null` stands for what the run asked for. */
  readonly device: RequestedDevice | null;
  /** How it is started, where that is not as the record says. */
  readonly launch: LaunchRequest;
  readonly package: PackageChoice;
}

/** What a replay came to. */
export interface Replay extends TraceComparison {
  /** The run that was repeated. */
  readonly run: string;
  /** The run that repeats it as it stands; `null` where it was cancelled before there was one. */
  readonly row: RunRow | null;
  /** Whether the losses and the metrics are bit for bit those of the record. */
  readonly equal: boolean;
  /** Whether it came as far as it was to: otherwise its row says why not. */
  readonly reached: boolean;
  /** The last step that is compared. */
  readonly steps: number;
  /** What is not as it was, whether or not it matters. */
  readonly differences: readonly FactDifference[];
  readonly package: {
    readonly choice: PackageChoice;
    /** What was edited in the run's own package since. */
    readonly problems: readonly string[];
  } | null;
  /** Lines of the record's events that are damaged, and not compared. */
  readonly damaged: number;
}

/**
 * Runs an ended run again from its record (its package, experiment, seed and launch options), as a
 * run of its own, and compares what the two measured bit by bit.
 *
 * @throws FoveaError FOV0070 for an unknown id; FOV0140 for a run that is live, has no steps or was
 *   edited; FOV0141 where its package is gone or was edited; FOV0100 where its data is gone; FOV0040
 *   for steps that it did not record; and those of {@link runExperiment}
 */
export async function replayRun(request: ReplayRequest, observer: RunObserver): Promise<Replay> {
  const { home, cwd, run } = request;
  const directory = findRunDirectory(home, run);
  const record = runRecord(directory, run);
  requireReplayable(directory, record);
  const before = readTrace(directory);
  const steps = stepsToMake(request.steps, run, before);
  const { files, problems } = packageToTrain(request.package, directory, record);
  await lookAtData(record, before, cwd, observer);
  const total = before.starts.at(-1)?.steps ?? steps;
  const { row } = await runExperiment(
    {
      experiment: null,
      source: record.source,
      folder: cwd,
      cwd,
      home,
      device: request.device,
      resume: null,
      repeat: { of: run, files, stopAfter: steps < total ? steps : null },
      launch: { sinks: [], ...request.launch },
      unverified: record.unverified,
    },
    observer,
  );
  const after = row === null ? EMPTY : readTrace(row.dir);
  const measured = compareTraces(before, after, steps);
  const reached = row !== null && hasReached(row, steps, total, statusOf(directory)?.status);
  const first = measured.losses.first ?? measured.evals.first;
  const start = startAt(before, first?.step);
  return {
    run,
    row,
    ...measured,
    equal: reached && isReproduced(measured),
    reached,
    steps,
    differences:
      row === null
        ? []
        : factDifferences(
            runFacts(record, statusOf(directory), before, start),
            runFacts(runRecord(row.dir, row.run), statusOf(row.dir), after, 0),
          ).filter(isComparable),
    package: record.package === null ? null : { choice: request.package, problems },
    damaged: before.damaged,
  };
}

/** git's state is that of a folder, and a record does not say of which: one alone tells nothing. */
function isComparable({ path, a, b }: FactDifference): boolean {
  return !path.startsWith("git.") || (a !== null && b !== null);
}

const EMPTY: RunTrace = {
  starts: [],
  steps: new Map(),
  evals: new Map(),
  methods: new Map(),
  damaged: 0,
};

/** Stored data that is gone is found before there is a run; what changed in it is told. */
async function lookAtData(
  { experiment }: RunRecord,
  { starts }: RunTrace,
  cwd: string,
  { note }: Pick<RunObserver, "note">,
): Promise<void> {
  // Scenes are composed: nothing of them can be gone.
  if (experiment.data.type === "digits") return;
  note("looking at the data");
  const now = await fingerprintData(experiment, findPython(cwd), note);
  const recorded: DataFingerprint = starts.at(-1)?.data ?? {};
  const changed = Object.keys(now).filter(
    (split) => recorded[split] !== undefined && recorded[split] !== now[split],
  );
  if (changed.length > 0) note(`the data is not what it was: ${changed.join(" and ")} changed`);
}

function statusOf(directory: string): { status: string; host: string | null } | null {
  const status = readStatus(directory);
  return "value" in status ? status.value : null;
}

/** One that ends as the record did, such as diverged at the same step, came as far. */
function hasReached(
  { status, step }: RunRow,
  steps: number,
  total: number,
  recorded: string | undefined,
): boolean {
  if (status === "completed") return true;
  if (status === "cancelled") return steps < total && step >= steps;
  return status === "diverged" && recorded === "diverged";
}

/** Which start of a run that was gone on with made a step; the last one where none is meant. */
function startAt({ starts, steps, evals }: RunTrace, step: number | undefined): number {
  const last = Math.max(0, starts.length - 1);
  if (step === undefined) return last;
  return (
    steps.get(step)?.start ?? [...evals.values()].find((each) => each.step === step)?.start ?? last
  );
}

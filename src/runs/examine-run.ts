import { existsSync } from "node:fs";
import type { Event } from "../ir/event.js";
import type { RunRecord } from "../ir/run.js";
import { launcherOf } from "../launch/launchers.js";
import type { LineProblem } from "./event-scanner.js";
import { findRun } from "./find-run.js";
import { packageHash } from "./package-hash.js";
import { readStatus, runRecord } from "./records.js";
import { type RunCheckpoint, runCheckpoints } from "./run-checkpoints.js";
import type { RunRow } from "./run-row.js";
import { scanEvents } from "./scan-events.js";
import { flatten, type Settings } from "./settings.js";

type Start = Extract<Event, { type: "run_start" }>;
type Sparsity = Extract<Event, { type: "sparsity" }>;

/** A run with all that is known of it. */
export interface ExaminedRun extends RunRow {
  /** Lines that are events. */
  readonly events: { readonly total: number };
  /** Complete lines that are no events; a torn last line is none of them (contract, line 28). */
  readonly problems: readonly LineProblem[];
  /** How often it was started: more than once where it was resumed. */
  readonly starts: number;
  /** How it is started, and by which process and job it was last. */
  readonly launch: RunRecord["launch"] & {
    readonly pid: number | null;
    readonly job: string | null;
  };
  readonly provenance: Pick<RunRecord, "versions" | "git" | "device" | "source" | "unverified"> & {
    /** SHA-256 of the generated package as it is on the disk; `null` where there is none. */
    readonly package: string | null;
    /** What the last start found: the data's digests and what the arithmetic runs on. */
    readonly data: Start["data"] | null;
    readonly host: Start["host"] | null;
  };
  /** By dotted path. */
  readonly settings: Settings;
  /** The last exchange of masks; `null` where there was none. */
  readonly sparsity: Pick<Sparsity, "step" | "density" | "churn" | "explored"> | null;
  readonly checkpoints: readonly RunCheckpoint[];
  /** Files that its output is in. */
  readonly logs: readonly string[];
}

/** @throws FoveaError FOV0070 for an unknown id */
export function examineRun(home: string, id: string): ExaminedRun {
  const row = findRun(home, id);
  const record = runRecord(row.dir, id);
  const problems: LineProblem[] = [];
  const told = new Map<string, Extract<Event, { type: "checkpoint" }>>();
  let total = 0;
  let starts = 0;
  let start: Start | null = null;
  let sparsity: Sparsity | null = null;
  scanEvents(row.dir, {
    event: (event) => {
      total += 1;
      if (event.type === "run_start") {
        starts += 1;
        start = event;
      } else if (event.type === "sparsity") sparsity = event;
      else if (event.type === "checkpoint") told.set(event.path, event);
    },
    problem: (problem) => problems.push(problem),
  });
  return {
    ...row,
    events: { total },
    problems,
    starts,
    ...describe(row, record, start, sparsity),
    checkpoints: runCheckpoints(row.dir, told),
  };
}

function describe(
  { dir, launcher }: RunRow,
  record: RunRecord,
  start: Start | null,
  sparsity: Sparsity | null,
): Pick<ExaminedRun, "launch" | "provenance" | "settings" | "sparsity" | "logs"> {
  const { versions, git, device, source, unverified, launch, experiment } = record;
  const status = readStatus(dir);
  const { pid, job } = "value" in status ? status.value : { pid: null, job: null };
  const { kind: _, ...settings } = experiment;
  const logs = launcherOf(launcher).logs(dir);
  return {
    launch: { ...launch, pid, job },
    provenance: {
      versions,
      git,
      device,
      source,
      unverified,
      package: packageHash(dir, record),
      data: start?.data ?? null,
      host: start?.host ?? null,
    },
    settings: Object.fromEntries(flatten(settings)),
    sparsity: sparsity === null ? null : shortened(sparsity),
    logs: [logs.stdout, logs.stderr].filter((path) => existsSync(path)),
  };
}

function shortened({ step, density, churn, explored }: Sparsity): ExaminedRun["sparsity"] {
  return { step, density, churn, explored };
}

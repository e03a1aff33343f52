import type { Sweep } from "../ir/sweep.js";
import type { RunRow } from "../runs/run-row.js";
import { collectRun, type ReportedRun } from "./collect-run.js";
import { comparisonWarnings, differingFacts } from "./comparability.js";
import type { DifferingFact, SweepView } from "./components/view.js";
import { type ErfPicture, erfPictures } from "./erf-pictures.js";
import { networksOf, type ReportedNetwork } from "./networks.js";
import { CostCounter } from "./sweep/costs-of.js";
import { sweepOfRuns } from "./sweep/sweep-of-runs.js";
import { type PointRow, pointRows } from "./sweep/sweep-rows.js";
import { sweepView } from "./view/sweep-view.js";

/** A sweep with the runs that stand for its points. */
export interface ReportedSweep {
  readonly view: SweepView;
  readonly rows: readonly PointRow[];
  /** Whether a file declares it; else it is made of the runs that were named. */
  readonly declared: boolean;
}

/** All that a report says. */
export interface ReportContent {
  readonly title: string;
  readonly runs: readonly ReportedRun[];
  readonly sweeps: readonly ReportedSweep[];
  readonly facts: readonly DifferingFact[];
  readonly warnings: readonly string[];
  readonly networks: readonly ReportedNetwork[];
  readonly erf: readonly ErfPicture[];
}

export interface ReportRequest {
  /** Runs that are reported whether a sweep has them or not. */
  readonly named: readonly RunRow[];
  readonly sweeps: readonly Sweep[];
  /** Among them the runs of the sweeps' points are looked for. */
  readonly known: readonly RunRow[];
  /** `null` makes one up. */
  readonly title: string | null;
  /** A folder with pictures of receptive fields. */
  readonly erf: string | null;
}

/**
 * Reads the runs that a report is of.
 *
 * @throws FoveaError FOV0070 for a run that cannot be read, FOV0155 for a folder without its pictures
 */
export function reportContent(request: ReportRequest): ReportContent {
  const { named, known, title, erf } = request;
  const declared = request.sweeps.map((sweep) => ({ sweep, rows: pointRows(sweep, known) }));
  const ofSweeps = declared.flatMap(({ rows }) =>
    rows.flatMap(({ points }) => points.flatMap(({ row }) => (row === null ? [] : [row]))),
  );
  const rows = [...new Map([...ofSweeps, ...named].map((row) => [row.run, row])).values()];
  const runs = rows.map(collectRun);
  const byRun = new Map(runs.map((run) => [run.row.run, run]));
  const costs = new CostCounter();
  const viewed = (sweep: Sweep, pointsOf: readonly PointRow[]): SweepView =>
    sweepView(sweep, pointsOf, costs, (run) => byRun.get(run)?.start?.parameters ?? null);
  const sweeps = declared.map(({ sweep, rows: pointsOf }) => ({
    view: viewed(sweep, pointsOf),
    rows: pointsOf,
    declared: true,
  }));
  const loose = runs.filter(({ row }) => named.includes(row));
  if (loose.length > 0) {
    const made = sweepOfRuns(loose.map(({ record }) => record));
    const pointsOf = pointRows(made, named);
    sweeps.push({ view: viewed(made, pointsOf), rows: pointsOf, declared: false });
  }
  return {
    title:
      title ??
      titleOf(
        runs,
        declared.map(({ sweep }) => sweep),
      ),
    runs,
    sweeps,
    facts: differingFacts(runs),
    warnings: comparisonWarnings(
      runs,
      sweeps.flatMap(({ view }) => view.axes),
    ),
    networks: networksOf(runs),
    erf: erfPictures(runs, erf),
  };
}

function titleOf(runs: readonly ReportedRun[], sweeps: readonly Sweep[]): string {
  if (sweeps.length > 0) return sweeps.map(({ name }) => name).join(", ");
  const [first] = runs;
  return runs.length === 1 && first !== undefined ? first.row.run : `${runs.length} runs`;
}

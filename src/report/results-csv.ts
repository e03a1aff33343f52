import type { RunRow } from "../runs/run-row.js";
import type { Costs } from "./components/view.js";
import type { ReportContent } from "./content.js";
import { csv } from "./csv.js";
import { metricNames } from "./metric.js";
import { axisWords } from "./sweep/axis-words.js";

/** A run, or a point of a sweep that has none. */
interface Result {
  readonly sweep: string;
  readonly axes: Readonly<Record<string, unknown>>;
  readonly hash: string;
  readonly seed: number;
  readonly experiment: string;
  readonly network: string;
  readonly row: RunRow | null;
  readonly costs: Costs | null;
}

/**
 * One row a run, and a row for each point of a sweep that has none: metrics as they were written, in
 * full precision, shares as percentages; counts; the values on the sweeps' axes.
 */
export function resultsCsv(content: ReportContent): string {
  const results = resultsOf(content);
  const metrics = metricNames(content.runs.map(({ row }) => row));
  const axes = [...new Set(content.sweeps.flatMap(({ view }) => view.axes))];
  const devices = new Map(content.runs.map(({ row, start }) => [row.run, start?.device ?? ""]));
  const head = [
    ...["run", "experiment", "network", "hash", "seed", "status", "device", "step", "seconds"],
    ...metrics,
    ...["parameters", "nonzero_parameters", "macs", "nonzero_macs"],
    ...(content.sweeps.some(({ declared }) => declared) ? ["sweep"] : []),
    ...axes,
  ];
  const rows = results.map(({ row, costs, ...result }) => [
    row?.run ?? "",
    result.experiment,
    result.network,
    result.hash,
    result.seed,
    row?.status ?? "missing",
    devices.get(row?.run ?? "") ?? "",
    row?.step ?? "",
    row?.seconds ?? "",
    ...metrics.map((name) => row?.metrics[name] ?? ""),
    costs?.parameters ?? "",
    costs?.nonzero ?? "",
    costs?.macs ?? "",
    costs?.nonzeroMacs ?? "",
    ...(head.includes("sweep") ? [result.sweep] : []),
    ...axes.map((path) => (path in result.axes ? axisWords(result.axes[path]) : "")),
  ]);
  return csv([head, ...rows]);
}

function resultsOf({ sweeps, runs }: ReportContent): readonly Result[] {
  const ofSweeps = sweeps.flatMap(({ view, rows, declared }) =>
    rows.flatMap(({ points }, index) =>
      points.map(
        ({ point, row }): Result => ({
          sweep: declared ? view.name : "",
          axes: point.axes,
          hash: point.hash,
          seed: point.seed,
          experiment: point.experiment.name,
          network: point.experiment.network.name,
          row,
          costs: view.rows[index]?.costs ?? null,
        }),
      ),
    ),
  );
  const listed = new Set(ofSweeps.map(({ row }) => row?.run));
  const others = runs
    .filter(({ row }) => !listed.has(row.run))
    .map(
      ({ row }): Result => ({
        sweep: "",
        axes: {},
        hash: row.hash,
        seed: row.seed,
        experiment: row.name,
        network: row.network,
        row,
        costs: null,
      }),
    );
  return [...ofSweeps, ...others];
}

import type { PlannedPoint } from "../../harness/sweep/plan-sweep.js";
import type { Member } from "../../harness/sweep/sweep-request.js";
import type { Sweep } from "../../ir/sweep.js";
import { duration, metricFigure } from "../../report/figures.js";
import { metricNames } from "../../report/metric.js";
import { inUnits } from "../../report/quantity.js";
import { type Column, plainTable } from "../../report/table.js";
import { axisValue, shortPaths } from "./axes-text.js";

/** The runs of a sweep before they are run: what each is, what it costs, how it stands. */
export function planTable(sweep: Sweep, points: readonly PlannedPoint[]): string {
  const table = plainTable(
    [
      ...pointColumns(sweep),
      ["parameters", "right"],
      ["MACs", "right"],
      ["time", "right"],
      ["memory", "right"],
      ["status", "left"],
    ],
    points.map((each) => [
      ...pointCells(sweep, each),
      inUnits(each.counts.parameters),
      inUnits(each.counts.macs),
      timeText(each),
      memoryText(each.prediction.memory),
      each.row === null ? each.status : `${each.status} ${each.row.run}`,
    ]),
  );
  return `${table}\n\n${summary(points)}`;
}

/** The runs of a sweep as they ended. */
export function endTable(sweep: Sweep, members: readonly Member[]): string {
  const metrics = metricNames(members.flatMap(({ row }) => (row === null ? [] : [row])));
  return plainTable(
    [
      ...pointColumns(sweep),
      ["run", "left"],
      ["status", "left"],
      ...metrics.map((name): Column => [name, "right"]),
      ["time", "right"],
    ],
    members.map((each) => [
      ...pointCells(sweep, each),
      each.row?.run ?? "–",
      each.status,
      ...metrics.map((name) => metricFigure(each.row?.metrics[name])),
      each.row === null ? "–" : duration(each.row.seconds),
    ]),
  );
}

function pointColumns({ axes }: Sweep): readonly Column[] {
  const names = shortPaths(axes);
  return [
    ["hash", "left"],
    ...axes.map((path): Column => [names.get(path) ?? path, "left"]),
    ["seed", "right"],
  ];
}

function pointCells({ axes }: Sweep, { point }: Member): readonly string[] {
  const values = axes.map((path) => axisValue(point.axes[path]));
  return [point.hash.slice(0, 8), ...values, String(point.seed)];
}

function timeText({ prediction: { seconds, basis } }: PlannedPoint): string {
  if (seconds === null) return "–";
  return basis === "macs" ? `~${duration(seconds)}` : duration(seconds);
}

function memoryText(bytes: number | null): string {
  if (bytes === null) return "–";
  const gibibytes = bytes / 2 ** 30;
  return gibibytes >= 1 ? `${gibibytes.toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

function summary(points: readonly PlannedPoint[]): string {
  const missing = points.filter(({ status }) => status !== "completed");
  const known = missing.flatMap(({ prediction: { seconds } }) =>
    seconds === null ? [] : [seconds],
  );
  const total = known.reduce((sum, seconds) => sum + seconds, 0);
  const done = `${points.length} ${points.length === 1 ? "run" : "runs"}, ${points.length - missing.length} of them done`;
  const bases = new Set(missing.map(({ prediction: { basis } }) => basis));
  const notes = [
    bases.has("measured") ? "times are those of runs of the same network here" : null,
    bases.has("macs")
      ? "times with ~ are predictions from multiply-adds, at the rate of other networks here"
      : null,
    bases.has(null) && missing.length > 0
      ? "where nothing like it was run here no time is predicted"
      : null,
  ].filter((note) => note !== null);
  const left =
    known.length === 0 || known.length < missing.length
      ? ""
      : `; the rest takes ${duration(total)}, one run after the other`;
  return [`${done}${left}`, ...notes].join("\n");
}

import type { JSX } from "preact";
import { duration, metricFigure } from "../figures.js";
import { metricHead } from "../metric.js";
import { grouped, inUnits } from "../quantity.js";
import type { Column } from "../table.js";
import { DataTable } from "./data-table.js";
import { Mean } from "./mean.js";
import { Status } from "./status.js";
import type { SweepRow, SweepView } from "./view.js";

interface Props {
  readonly sweep: SweepView;
  /** Where a run's name leads. */
  readonly href: (run: string) => string;
}

/** A sweep's means over its seeds, and what is not in them. */
export function SweepTable({ sweep, href }: Props): JSX.Element {
  const columns: readonly Column[] = [
    ...sweep.axes.map((path): Column => [path, "right"]),
    ...sweep.metrics.map((name): Column => [metricHead(name), "right"]),
    ["n", "right"],
    ["params", "right"],
    ["MACs", "right"],
    ["time", "right"],
  ];
  const rows = sweep.rows.map((row) => ({
    key: row.axes.join(" "),
    cells: [
      ...row.axes,
      ...sweep.metrics.map((name) => (
        <Mean key={name} value={row.metrics[name]} write={metricFigure} />
      )),
      runsInWords(row),
      row.parameters === null ? "–" : inUnits(row.parameters),
      row.macs === null ? "–" : inUnits(row.macs),
      <Mean key="time" value={row.seconds} write={duration} />,
    ],
  }));
  return (
    <>
      <DataTable columns={columns} rows={rows} caption={sweep.rule} />
      <Missing sweep={sweep} href={href} />
    </>
  );
}

/** `3`, or `2 of 3` where some are not completed. */
function runsInWords({ members }: SweepRow): string {
  const completed = members.filter(({ status }) => status === "completed").length;
  return completed === members.length ? grouped(completed) : `${completed} of ${members.length}`;
}

/** Every point that is in no mean, by name. */
function Missing({ sweep, href }: Props): JSX.Element | null {
  const missing = sweep.rows.flatMap(({ axes, members }) =>
    members.filter(({ status }) => status !== "completed").map((member) => ({ axes, member })),
  );
  if (missing.length === 0) return null;
  return (
    <details open={missing.length <= 12}>
      <summary>
        {missing.length} of {sweep.rows.reduce((sum, { members }) => sum + members.length, 0)}{" "}
        points are in no mean
      </summary>
      <ul>
        {missing.map(({ axes, member: { seed, hash, run, status } }) => (
          <li key={hash}>
            <Status status={status} />:{" "}
            {sweep.axes.map((path, index) => `${path} ${axes[index] ?? ""}, `)}seed {seed}
            {run === null ? (
              <>
                {" "}
                (<code>{hash.slice(0, 8)}</code>)
              </>
            ) : (
              <>
                {" "}
                (<a href={href(run)}>{run}</a>)
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

import type { Spread } from "../../runs/seed-groups.js";
import type { Costs, SweepRow, SweepView } from "../components/view.js";
import { duration, metricFigure } from "../figures.js";
import { betterOf, metricHead } from "../metric.js";
import { inUnits } from "../quantity.js";

/** What a cell says, before it is HTML, Markdown or LaTeX. */
interface SweepCell {
  readonly text: string;
  /** Written behind ±; `null` where there is no spread. */
  readonly spread: string | null;
  readonly best: boolean;
}

export interface SweepColumn {
  readonly head: string;
  readonly align: "left" | "right";
  readonly cell: (row: SweepRow) => SweepCell;
}

const ARROWS = { higher: " ↑", lower: " ↓" } as const;

const COSTS: readonly {
  readonly head: string;
  readonly key: keyof Costs;
  readonly of?: keyof Costs;
}[] = [
  { head: "params", key: "parameters" },
  { head: "nonzero params", key: "nonzero", of: "parameters" },
  { head: "MACs", key: "macs" },
  { head: "nonzero MACs", key: "nonzeroMacs", of: "macs" },
];

/**
 * The columns of a sweep's table: its axes, means of the metrics, runs, costs, time. What says
 * nothing (a count that no row has, nonzeros where all is dense) has no column.
 */
export function sweepColumns({ axes, metrics, rows }: SweepView): readonly SweepColumn[] {
  const costs = COSTS.filter(({ key, of }) =>
    rows.some(
      (row) => row.costs[key] !== null && (of === undefined || row.costs[key] !== row.costs[of]),
    ),
  );
  return [
    ...axes.map((head, axis): SweepColumn => {
      const numbers = rows.every((row) => !Number.isNaN(Number(row.axes[axis])));
      return {
        head,
        align: numbers ? "right" : "left",
        cell: (row) => plain(row.axes[axis] ?? ""),
      };
    }),
    ...metrics.map((name): SweepColumn => {
      const better = betterOf(name);
      return {
        head: metricHead(name) + (better === null ? "" : ARROWS[better]),
        align: "right",
        cell: ({ metrics: measured }) =>
          mean(measured[name], metricFigure, measured[name]?.best === true),
      };
    }),
    { head: "n", align: "right", cell: (row) => plain(runsInWords(row)) },
    ...costs.map(
      ({ head, key }): SweepColumn => ({
        head,
        align: "right",
        cell: (row) => {
          const count = row.costs[key];
          return plain(count === null ? "–" : inUnits(count));
        },
      }),
    ),
    { head: "time", align: "right", cell: ({ seconds }) => mean(seconds, duration, false) },
  ];
}

/** `3`, or `2 of 3` where some are not completed. */
function runsInWords({ members }: SweepRow): string {
  const completed = members.filter(({ status }) => status === "completed").length;
  return completed === members.length ? `${completed}` : `${completed} of ${members.length}`;
}

/** Writes a value as finely as its mean is written. */
type Writer = (value: number, mean: number) => string;

function plain(text: string): SweepCell {
  return { text, spread: null, best: false };
}

function mean(value: Spread | null | undefined, write: Writer, best: boolean): SweepCell {
  if (value === null || value === undefined) return plain("–");
  const { mean, std } = value;
  return { text: write(mean, mean), spread: std === null ? null : write(std, mean), best };
}

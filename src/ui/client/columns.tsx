import type { ComponentChildren } from "preact";
import { Status } from "../../report/components/status.js";
import { duration, figure, metricFigure } from "../../report/figures.js";
import type { ListedRow } from "../wire.js";
import { hrefOf } from "./route.js";
import { when } from "./when.js";

/** A column of the list. */
export interface Column {
  readonly key: string;
  readonly head: string;
  /** CSS width; the first one takes what is left. */
  readonly width: string;
  readonly isNumber: boolean;
  /** The same on a narrow page; `null` where it is left out there. */
  readonly narrow: string | null;
  /** What rows are sorted by; `null` comes last either way. */
  value(row: ListedRow): number | string | null;
  cell(row: ListedRow): ComponentChildren;
}

const RUN: Column = {
  key: "run",
  head: "run",
  width: "auto",
  narrow: "auto",
  isNumber: false,
  value: ({ run }) => run,
  cell: ({ run }) => <a href={hrefOf({ view: "run", id: run })}>{run}</a>,
};

const STATUS: Column = {
  key: "status",
  head: "status",
  width: "8.5rem",
  narrow: "2rem",
  isNumber: false,
  value: ({ status }) => status,
  cell: ({ status }) => <Status status={status} />,
};

function numbers(
  key: string,
  width: string,
  value: (row: ListedRow) => number | null,
  words: (value: number | null) => string,
  narrow: string | null = null,
): Column {
  return {
    key,
    head: key,
    width,
    isNumber: true,
    narrow,
    value,
    cell: (row) => words(value(row)),
  };
}

const STARTED = numbers(
  "started",
  "10.5rem",
  ({ started }) => started,
  (started) => when(started ?? 0),
);

/** Columns for all that is measured; the first metric is there on a narrow page, too. */
export function columnsOf(metrics: readonly string[]): readonly Column[] {
  return [
    RUN,
    STATUS,
    numbers("step", "6rem", ({ step }) => step, figure),
    ...metrics.map((name, index) =>
      numbers(
        name,
        "6rem",
        ({ metrics }) => metrics[name] ?? null,
        metricFigure,
        index === 0 ? "4.25rem" : null,
      ),
    ),
    numbers(
      "time",
      "7.5rem",
      ({ seconds }) => seconds,
      (seconds) => duration(seconds ?? 0),
    ),
    STARTED,
  ];
}

const MOST_METRICS = 4;
/** Losses are the last that tell runs apart. */
const rank = (name: string): number => (name.includes("loss") ? 1 : 0);

/** Names of the metrics that the list has columns for. */
export function listedMetrics(rows: Iterable<ListedRow>): readonly string[] {
  const names = new Set<string>();
  for (const { metrics } of rows) for (const name of Object.keys(metrics)) names.add(name);
  return [...names].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_METRICS);
}

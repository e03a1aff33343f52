import type { SweepRow } from "../components/view.js";
import { betterOf, isShare } from "../metric.js";

/** A figure of a sweep: in the page, and a file of its own. */
export interface SweepFigure {
  /** Of the file, without its ending; told apart within the sweep. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
  /** Names of its series in the order of their colours; empty where there is one colour. */
  readonly legend: readonly string[];
  readonly caption: string;
}

/** What a row of the table is called in a figure. */
export function rowName({ axes }: SweepRow): string {
  return axes.join(" · ") || "all";
}

/** The metric that a comparison is about: the first share, else the first that has a better side. */
export function mainMetric(metrics: readonly string[]): string | null {
  return metrics.find(isShare) ?? metrics.find((name) => betterOf(name) !== null) ?? null;
}

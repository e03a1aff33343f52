import type { Experiment } from "../ir/experiment.js";
import { contentHash } from "../ir/hash.js";
import type { RunRow } from "./run-row.js";

/** What a measured value is over seeds. */
export interface Spread {
  /** Over the seeds, in the metric's own unit: of a share, percent. */
  readonly mean: number;
  /** Sample standard deviation (n − 1), in the same unit; `null` of a single value. */
  readonly std: number | null;
  /** Seeds that have a finite value. */
  readonly n: number;
}

/** What {@link groupBySeeds} looks at. */
export type Seeded = Pick<
  RunRow,
  "run" | "status" | "unseeded" | "seed" | "started" | "metrics" | "replayOf"
>;

/** Completed runs that are equal but for the seed. */
export interface SeedGroup<R extends Seeded = RunRow> {
  /** SHA-256 of their experiment without its seed. */
  readonly unseeded: string;
  /** One a seed, by seed. */
  readonly runs: readonly R[];
  /** By the metric's name, in the order of its first appearance. */
  readonly metrics: Readonly<Record<string, Spread>>;
}

/** The identity of an experiment but for its seed: runs that have it in common differ by chance alone. */
export function unseededHash({ seed: _, ...rest }: Experiment): string {
  return contentHash(rest);
}

/**
 * Puts runs together that are equal but for the seed, in the order of their first appearance. Only
 * completed ones count, and no replays. Of several with the same seed the one that started last counts: a repeated
 * run is no further sample.
 */
export function groupBySeeds<R extends Seeded>(rows: readonly R[]): readonly SeedGroup<R>[] {
  const groups = new Map<string, Map<number, R>>();
  for (const row of rows) {
    if (row.status !== "completed" || row.replayOf !== null) continue;
    const seeds = groups.get(row.unseeded) ?? new Map<number, R>();
    groups.set(row.unseeded, seeds);
    const other = seeds.get(row.seed);
    if (other === undefined || isLater(row, other)) seeds.set(row.seed, row);
  }
  return [...groups].map(([unseeded, seeds]) => {
    const runs = [...seeds.values()].sort((a, b) => a.seed - b.seed);
    return { unseeded, runs, metrics: spreads(runs) };
  });
}

function isLater(a: Seeded, b: Seeded): boolean {
  return a.started > b.started || (a.started === b.started && a.run > b.run);
}

function spreads(runs: readonly Seeded[]): Readonly<Record<string, Spread>> {
  const names = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))];
  const found = names.map((name) => [name, spreadOf(runs.map(({ metrics }) => metrics[name]))]);
  return Object.fromEntries(found.filter(([, spread]) => spread !== null));
}

/**
 * Mean and sample standard deviation of the finite values.
 *
 * @returns `null` where there is none
 */
export function spreadOf(values: readonly (number | null | undefined)[]): Spread | null {
  const finite = values.filter((value): value is number => Number.isFinite(value));
  const n = finite.length;
  if (n === 0) return null;
  // Around the first value: sums of large, close values would lose what tells them apart.
  const [origin = 0] = finite;
  const mean = origin + sum(finite.map((value) => value - origin)) / n;
  if (n === 1) return { mean, std: null, n };
  return { mean, std: Math.sqrt(sum(finite.map((value) => (value - mean) ** 2)) / (n - 1)), n };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

import type { Sweep, SweepPoint } from "../../ir/sweep.js";
import type { RunRow } from "../../runs/run-row.js";

/** A point of a sweep with the run that stands for it. */
export interface MatchedPoint {
  readonly point: SweepPoint;
  /** The newest completed run of its hash, else the newest of all; `null` where there is none. */
  readonly row: RunRow | null;
}

/** Finds the run of every point by its hash, where a replay does not count; no point is left out. */
export function matchPoints({ points }: Sweep, rows: readonly RunRow[]): readonly MatchedPoint[] {
  const byHash = new Map<string, RunRow>();
  for (const row of rows) {
    if (row.replayOf !== null) continue;
    const other = byHash.get(row.hash);
    if (other === undefined || standsBefore(row, other)) byHash.set(row.hash, row);
  }
  return points.map((point) => ({ point, row: byHash.get(point.hash) ?? null }));
}

function standsBefore(a: RunRow, b: RunRow): boolean {
  const completed = ({ status }: RunRow): boolean => status === "completed";
  if (completed(a) !== completed(b)) return completed(a);
  return a.started > b.started || (a.started === b.started && a.run > b.run);
}

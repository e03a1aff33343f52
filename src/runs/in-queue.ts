import type { JobHandle } from "../launch/launcher.js";
import { launcherOf } from "../launch/launchers.js";
import { readStatus } from "./records.js";
import { isUnderWay, type RunRow } from "./run-row.js";

/** Has schedulers asked for all runs of a list in one call, before each is looked at. */
export function refreshStandings(rows: readonly RunRow[]): void {
  const jobs = new Map<RunRow["launcher"], JobHandle[]>();
  for (const { dir, status, launcher } of rows) {
    if (!isUnderWay(status) || launcherOf(launcher).refresh === undefined) continue;
    const stands = readStatus(dir);
    if ("value" in stands) jobs.set(launcher, [...(jobs.get(launcher) ?? []), stands.value]);
  }
  for (const [launcher, handles] of jobs) launcherOf(launcher).refresh?.(handles);
}

/** A run that lives as its scheduler has it: `queued` while it waits, before or between. */
export function inQueue(row: RunRow): RunRow {
  const status = readStatus(row.dir);
  if (!("value" in status) || status.value.job === null) return row;
  const launcher = launcherOf(status.value.launcher);
  const words = launcher.words?.(status.value) ?? null;
  const reason = words === null || words === "RUNNING" ? row.reason : `Slurm: ${words}`;
  const waits = launcher.status(status.value) === "waiting";
  return { ...row, status: waits ? "queued" : row.status, reason };
}

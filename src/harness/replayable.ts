import { join } from "node:path";
import { FoveaError } from "../ir/error.js";
import { contentHash } from "../ir/hash.js";
import type { RunRecord } from "../ir/run.js";
import { isLive } from "../runs/run-row.js";
import { lastStep, type RunTrace } from "../runs/run-trace.js";
import type { PackageFiles } from "./emit-package.js";
import { readRecordedPackage } from "./recorded-package.js";

/** Which package a replay trains: the run's own, its own as edited, or one emitted anew. */
export type PackageChoice = "recorded" | "as-is" | "new";

/** @throws FoveaError FOV0140 for a run that is live, or whose record was edited */
export function requireReplayable(directory: string, { run, hash, experiment }: RunRecord): void {
  if (isLive(directory)) {
    throw new FoveaError({
      code: "FOV0140",
      message: `${run} is still running`,
      value: run,
      fix: `wait for it, or stop it: fovea runs cancel ${run}`,
    });
  }
  if (contentHash(experiment) === hash) return;
  throw new FoveaError({
    code: "FOV0140",
    message: `${join(directory, "run.json")} was edited: its experiment is not the one of its hash`,
    value: run,
    fix: "restore it; a changed experiment is run by `fovea run`",
  });
}

/**
 * The last step that is made and compared.
 *
 * @param asked - `--steps`; `null` makes as many as were recorded
 * @throws FoveaError FOV0140 for a run without steps, FOV0040 where it has no losses up to there
 */
export function stepsToMake(asked: number | null, run: string, trace: RunTrace): number {
  const last = lastStep(trace);
  if (last === 0) {
    throw new FoveaError({
      code: "FOV0140",
      message: `${run} recorded no step: there is nothing to compare`,
      value: run,
      allowed: "a run with losses (`fovea runs list` shows the steps)",
      fix: `go on with it: fovea run --resume ${run}`,
    });
  }
  const first = Math.min(...trace.steps.keys(), last);
  if (asked === null || (asked >= first && asked <= last)) return asked ?? last;
  throw new FoveaError({
    code: "FOV0040",
    message: `--steps ${asked}: ${run} recorded losses from step ${first} to step ${last}`,
    path: "--steps",
    value: asked,
    allowed: first === last ? String(first) : `a whole number from ${first} to ${last}`,
    fix: asked < first ? `write --steps ${first}` : "leave --steps out",
  });
}

/**
 * The package that a replay trains, byte for byte; `null` where it is emitted anew or there is none.
 *
 * @throws FoveaError FOV0141 where the run's own is gone, or was edited and is not taken so
 */
export function packageToTrain(
  choice: PackageChoice,
  directory: string,
  record: RunRecord,
): { readonly files: PackageFiles | null; readonly problems: readonly string[] } {
  if (record.package === null || choice === "new") return { files: null, problems: [] };
  const folder = join(directory, record.package);
  const { files, problems } = readRecordedPackage(folder, record);
  if (problems.length === 0 || choice === "as-is") return { files, problems };
  throw new FoveaError({
    code: "FOV0141",
    message: `the package of ${record.run} is not as it was written: ${problems[0]}${problems.length > 1 ? ` and ${problems.length - 1} more` : ""}`,
    list: problems.length > 1 ? problems : [],
    value: folder,
    fix: "restore it; or replay with --package as-is, which trains what lies there, or --package new, which emits it anew from the record",
  });
}

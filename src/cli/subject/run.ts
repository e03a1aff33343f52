import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { FoveaError } from "../../ir/error.js";
import type { RunRecord } from "../../ir/run.js";
import { isPeer } from "../../ir/trainable.js";
import { homeDirectory } from "../../launch/home.js";
import { runRecord } from "../../runs/records.js";
import { isRunId, runsDirectory } from "../../runs/run-directory.js";
import type { Named } from "./named.js";

/** Which of a run's checkpoints is meant. */
export type Which = "last" | "best";

/** A checkpoint of a run. */
export interface RunCheckpoint {
  /** The run's folder, absolute. */
  readonly directory: string;
  readonly record: RunRecord;
  /** The checkpoint, absolute. */
  readonly file: string;
}

/**
 * The checkpoint that a run's id or folder stands for, or a file in a run's `checkpoints/`;
 * `undefined` where the word names no run.
 *
 * @throws FoveaError FOV0070 where the run is damaged, or has no such checkpoint
 */
export function runCheckpoint(
  written: string,
  cwd: string,
  which: Which,
): RunCheckpoint | undefined {
  const path = resolve(cwd, written);
  const runs = runsDirectory(homeDirectory(cwd));
  const directory = [path, ...(isRunId(written) ? [join(runs, written)] : [])].find(isRun);
  if (directory !== undefined) {
    const file = join(directory, "checkpoints", `${which}.pt`);
    if (!existsSync(file)) throw noCheckpoint(written, which, directory);
    return { directory, record: runRecord(directory, basename(directory)), file };
  }
  const owner = dirname(dirname(path));
  if (basename(dirname(path)) !== "checkpoints" || !isRun(owner) || !existsSync(path)) {
    return undefined;
  }
  return { directory: owner, record: runRecord(owner, basename(owner)), file: path };
}

/**
 * The network of a run, under the run's id.
 *
 * @throws FoveaError FOV0070 where its package is gone
 */
export function runNetwork({ directory, record }: RunCheckpoint): Named {
  const { network } = record.experiment;
  if (isPeer(network)) return { name: record.run, package: null, peer: network };
  const folder = join(directory, record.package ?? "");
  if (record.package !== null && existsSync(join(folder, "manifest.json"))) {
    return { name: record.run, package: folder, peer: null };
  }
  throw new FoveaError({
    code: "FOV0070",
    message: `the generated package of ${record.run} is not in ${folder}`,
    value: record.run,
    fix: "restore the run's folder, or name its checkpoint and --network",
  });
}

const isRun = (folder: string): boolean => existsSync(join(folder, "run.json"));

function noCheckpoint(written: string, which: Which, directory: string): FoveaError {
  const other = which === "last" ? "best" : "last";
  const hasOther = existsSync(join(directory, "checkpoints", `${other}.pt`));
  return new FoveaError({
    code: "FOV0070",
    message: `the run ${written} has no checkpoint ${which}.pt`,
    value: written,
    fix: hasOther
      ? `name ${join(directory, "checkpoints", `${other}.pt`)}`
      : "resume it (`fovea run --resume ID`) until it has written one",
  });
}

import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { FoveaError } from "../../ir/error.js";
import { homeDirectory } from "../../launch/home.js";
import { runRecord } from "../../runs/records.js";
import { isRunId, runsDirectory } from "../../runs/run-directory.js";
import { optionMistake } from "../whole.js";
import { sourceFile } from "./paths.js";
import { withPackage } from "./with-package.js";

/** What `--from` names: a file of weights, and the run that it is of, if it is of one. */
export interface Checkpoint {
  /** Absolute. */
  readonly file: string;
  /** The run's own generated package; `null` where there is no run. */
  readonly package: string | null;
}

/**
 * Finds a checkpoint: a file, or a run by its id or folder, which stands for its `last.pt`.
 *
 * @throws FoveaError FOV0030 where there is no such file, FOV0070 where the run is damaged
 */
export function checkpointOf(written: string, cwd: string): Checkpoint {
  const path = resolve(cwd, written);
  const runs = runsDirectory(homeDirectory(cwd));
  const run = [path, ...(isRunId(written) ? [join(runs, written)] : [])].find(isRun);
  if (run !== undefined) {
    const file = join(run, "checkpoints", "last.pt");
    if (!existsSync(file)) throw noCheckpoint(written);
    return { file, package: packageOf(run) };
  }
  const file = sourceFile(written, cwd, "name a file of weights, or a run (`fovea runs list`)");
  const folder = dirname(file);
  const owner = dirname(folder);
  const isOfRun = basename(folder) === "checkpoints" && isRun(owner);
  return { file, package: isOfRun ? packageOf(owner) : null };
}

/**
 * Hands `use` the package of `--network`, or of the run that the checkpoint is of.
 *
 * @throws FoveaError FOV0040 where neither tells
 */
export async function withNetwork<T>(
  network: string | undefined,
  checkpoint: Checkpoint,
  cwd: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  if (network !== undefined) return await withPackage(network, cwd, use);
  if (checkpoint.package !== null) return await use(checkpoint.package);
  throw new FoveaError({
    code: "FOV0040",
    message: "--network is not given, and --from is no checkpoint of a run's",
    path: "--network",
    allowed: "a shipped network, a declaration or a generated package",
    fix: "write --network NAME, the network that the weights are of",
  });
}

const isRun = (folder: string): boolean => existsSync(join(folder, "run.json"));

function packageOf(run: string): string | null {
  const { package: emitted } = runRecord(run, basename(run));
  return emitted === null ? null : join(run, emitted);
}

function noCheckpoint(written: string): FoveaError {
  return optionMistake("--from", written, "the run has no checkpoint", {
    fix: "resume it (`fovea run --resume ID`) until it has written one",
  });
}

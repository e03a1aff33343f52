import { join } from "node:path";
import { FoveaError } from "../../ir/error.js";
import { runCheckpoint } from "../subject/run.js";
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
 * @throws FoveaError FOV0030 where there is no such file, FOV0070 where the run is damaged or has none
 */
export function checkpointOf(written: string, cwd: string): Checkpoint {
  const run = runCheckpoint(written, cwd, "last");
  if (run !== undefined) {
    const { directory, record, file } = run;
    return { file, package: record.package === null ? null : join(directory, record.package) };
  }
  const file = sourceFile(written, cwd, "name a file of weights, or a run (`fovea runs list`)");
  return { file, package: null };
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

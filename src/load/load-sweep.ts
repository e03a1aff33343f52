import { FoveaError } from "../ir/error.js";
import type { Sweep } from "../ir/sweep.js";
import { type AnyTarget, loadAnyTarget } from "./load-target.js";

/** A sweep behind a FILE of the command line. */
export interface SweepTarget extends Pick<AnyTarget, "source" | "files"> {
  readonly sweep: Sweep;
  /** Absolute, as the user gave it. */
  readonly file: string;
}

/**
 * Loads a user's file that exports a sweep.
 *
 * @param target - what the user wrote
 * @throws FoveaError FOV0034 where it is an experiment or a network, and what is wrong with the file
 */
export async function loadSweep(target: string, cwd: string): Promise<SweepTarget> {
  const found = await loadAnyTarget(target, { cwd, note: () => {} });
  const { sweep, source, file, files, experiment } = found;
  if (sweep !== null && file !== null) return { sweep, source, file, files };
  const what = experiment === null ? "networks and no sweep" : "an experiment and no sweep";
  throw new FoveaError({
    code: "FOV0034",
    message: `${source} declares ${what}`,
    value: target,
    allowed: "a file whose default export is sweep({ base, over, seeds })",
    fix:
      experiment === null
        ? "wrap the network: export default sweep({ base: experiment({ name, network, data, recipe }), over: { … } })"
        : `train it with \`fovea run ${target}\`, or wrap it: export default sweep({ base: experiment({ … }), over: { … } })`,
    ...(file === null ? {} : { location: { file } }),
  });
}

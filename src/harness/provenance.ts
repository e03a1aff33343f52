import { availableParallelism, hostname, totalmem } from "node:os";
import { execa } from "execa";
import type { RunRecord } from "../ir/run.js";
import { foveaVersion } from "../ir/version.js";
import type { PythonVersions } from "../launch/python.js";

/** Versions of everything that a result may depend on; `null` stands for what is not installed. */
export function versionsOf(python: PythonVersions): RunRecord["versions"] {
  return {
    fovea: foveaVersion(),
    node: process.versions.node,
    python: python.python,
    ...python.packages,
  };
}

/** The machine that a run is started from. */
export function hostOf(
  requested: string,
  gpus: readonly string[],
  visible: string | null,
): RunRecord["device"] {
  return {
    requested,
    host: hostname(),
    cpus: availableParallelism(),
    memory: totalmem(),
    gpus: [...gpus],
    visible,
  };
}

/** Commit and dirtiness of the repository that a folder is in; `null` where there is none. */
export async function gitOf(folder: string): Promise<RunRecord["git"]> {
  const git = async (...words: readonly string[]): Promise<string | null> => {
    const result = await execa("git", ["-C", folder, ...words], {
      // Looking must not write: `git status` would refresh the index.
      env: { GIT_OPTIONAL_LOCKS: "0" },
      stdin: "ignore",
      reject: false,
      timeout: 20_000,
    });
    return result.exitCode === 0 ? result.stdout.trim() : null;
  };
  const [commit, changes] = await Promise.all([
    git("rev-parse", "--verify", "HEAD"),
    git("status", "--porcelain"),
  ]);
  if (commit === null || changes === null) return null;
  return { commit, dirty: changes !== "" };
}

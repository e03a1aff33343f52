import { existsSync } from "node:fs";
import { join } from "node:path";
import { FoveaError } from "../ir/error.js";
import { nearest } from "../ir/nearest.js";
import { isRunId, runFolders, runsDirectory } from "./run-directory.js";
import { asItStands, type RunRow, readRow } from "./run-row.js";

/**
 * The folder of a run.
 *
 * @throws FoveaError FOV0070 where there is none
 */
export function findRunDirectory(home: string, id: string): string {
  const directory = join(runsDirectory(home), id);
  if (isRunId(id) && existsSync(join(directory, "run.json"))) return directory;
  const close = nearRuns(home, id);
  throw new FoveaError({
    code: "FOV0070",
    message: `there is no run ${JSON.stringify(id)} in ${runsDirectory(home)}`,
    value: id,
    fix:
      close.length === 0
        ? "`fovea runs list` shows the runs"
        : `did you mean ${close.join(" or ")}?`,
  });
}

const MOST = 3;

/** Runs that may have been meant: those whose ids begin so, else those that are spelt much the same. */
function nearRuns(home: string, id: string): readonly string[] {
  const folders = runFolders(home);
  const begun = id === "" ? [] : folders.filter((folder) => folder.startsWith(id));
  return begun.length > 0 ? begun.slice(0, MOST) : nearest(id, folders, 1);
}

/**
 * One run as it stands now.
 *
 * @throws FoveaError FOV0070 where there is none, or its `run.json` cannot be read
 */
export function findRun(home: string, id: string): RunRow {
  const directory = findRunDirectory(home, id);
  const row = readRow(id, directory);
  if (row !== null) return asItStands(row);
  throw new FoveaError({
    code: "FOV0070",
    message: `${join(directory, "run.json")} is damaged`,
    value: id,
    fix: "restore it, or remove the folder",
  });
}

import { figure } from "../../report/figures.js";
import { plainTable } from "../../report/table.js";
import { collectGarbage } from "../../runs/collect-garbage.js";
import { selectRuns } from "../../runs/query/select-runs.js";
import { parseAge } from "../age.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { optionMistake } from "../whole.js";

/** Options of `fovea runs gc`. */
export interface GcOptions {
  readonly dryRun?: boolean;
  /** Age of completed runs whose checkpoints go. */
  readonly checkpoints?: string;
  readonly where?: string;
}

/**
 * Removes what killed processes left in a home, and checkpoints of completed runs where it is asked
 * to.
 *
 * @throws FoveaError FOV0040 for a wrong age, FOV0051 where the home cannot be written
 */
export async function gcCommand(
  io: Io,
  home: string,
  { dryRun: dry = false, checkpoints, where }: GcOptions,
): Promise<ExitCode> {
  if (where !== undefined && checkpoints === undefined) {
    throw optionMistake("--where", where, "it selects runs whose checkpoints are removed", {
      fix: "write --checkpoints AGE, too",
    });
  }
  const old = checkpoints === undefined ? [] : await completedBefore(home, checkpoints, where);
  const found = await collectGarbage(home, new Set(old), dry);
  const bytes = found.reduce((total, garbage) => total + garbage.bytes, 0);
  if (io.json) {
    await io.result({ dryRun: dry, removed: found, bytes });
    return EXIT.done;
  }
  if (found.length > 0) {
    const rows = found.map(({ kind, path, bytes }) => [kind, figure(bytes), path]);
    const columns = [
      ["what", "left"],
      ["bytes", "right"],
      ["where", "left"],
    ] as const;
    await io.print(plainTable(columns, rows));
  }
  const done = dry ? "would be removed" : "removed";
  io.note(
    found.length === 0 ? "nothing to remove" : `${found.length} ${done}, ${figure(bytes)} bytes`,
  );
  return EXIT.done;
}

async function completedBefore(
  home: string,
  age: string,
  where: string | undefined,
): Promise<readonly string[]> {
  const before = Date.now() / 1000 - parseAge("--checkpoints", age);
  const { runs } = await selectRuns(home, where);
  return runs
    .map(({ row }) => row)
    .filter(({ status, updated }) => status === "completed" && updated < before)
    .map(({ run }) => run);
}

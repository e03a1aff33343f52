import { join, resolve } from "node:path";
import type { Sweep } from "../../ir/sweep.js";
import { homeDirectory } from "../../launch/home.js";
import { loadSweep } from "../../load/load-sweep.js";
import { writeReport } from "../../report/write-report.js";
import { findRun } from "../../runs/find-run.js";
import { selectRuns } from "../../runs/query/select-runs.js";
import { listRuns } from "../../runs/run-index.js";
import type { RunRow } from "../../runs/run-row.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

/** The options of `fovea report`, as they are typed. */
export interface ReportOptions {
  readonly out: string;
  readonly sweep: readonly string[];
  readonly where?: string;
  readonly title?: string;
  readonly erf?: string;
}

/** No run's id has a dot. */
function isFile(word: string): boolean {
  return /\.[cm]?[jt]s$/.test(word);
}

/**
 * @throws FoveaError for every mistake in the options, the runs and the files of sweeps
 */
export async function runReport(
  io: Io,
  words: readonly string[],
  options: ReportOptions,
  cwd: string,
): Promise<ExitCode> {
  const { out, title, erf } = options;
  const home = homeDirectory(cwd);
  const ids = words.filter((word) => !isFile(word));
  const files = [...options.sweep, ...words.filter(isFile)];
  const sweeps: Sweep[] = [];
  for (const file of files) sweeps.push((await loadSweep(file, cwd)).sweep);
  const named = await namedRuns(home, ids, { ...options, sweep: files });
  const known = sweeps.length === 0 ? [] : await listRuns(home);
  const dir = resolve(cwd, out);
  const { content, files: written } = writeReport(
    {
      named,
      sweeps,
      known,
      title: title ?? null,
      erf: erf === undefined ? null : resolve(cwd, erf),
    },
    dir,
  );
  for (const warning of content.warnings) io.note(`warning: ${warning}`);
  if (io.json) {
    await io.result({
      dir,
      files: written,
      runs: content.runs.map(({ row }) => row.run),
      sweeps: content.sweeps.filter(({ declared }) => declared).map(({ view }) => view),
      warnings: content.warnings,
    });
  } else await io.print(join(dir, "index.html"));
  return EXIT.done;
}

/** Runs that are asked for by themselves: by id, by what is true of them, or all. */
async function namedRuns(
  home: string,
  ids: readonly string[],
  { sweep, where }: ReportOptions,
): Promise<readonly RunRow[]> {
  const byId = [...new Set(ids)].map((id) => findRun(home, id));
  if (where === undefined) {
    return ids.length > 0 || sweep.length > 0 ? byId : await listRuns(home);
  }
  const { runs } = await selectRuns(home, where);
  const chosen = [...byId, ...runs.map(({ row }) => row)];
  return [...new Map(chosen.map((row) => [row.run, row])).values()];
}

import { createInterface } from "node:readline/promises";
import { duration } from "../../report/figures.js";
import { plainTable } from "../../report/table.js";
import { findRun } from "../../runs/find-run.js";
import { selectRuns } from "../../runs/query/select-runs.js";
import { liveRunError, removeRun } from "../../runs/remove-run.js";
import { isUnderWay, type RunRow } from "../../runs/run-row.js";
import { parseAge } from "../age.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { optionMistake } from "../whole.js";

/** Options of `fovea runs rm`. */
export interface RemoveOptions {
  readonly olderThan?: string;
  readonly where?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/**
 * Removes runs that are named, or that are selected. Of named ones either all go or none; among
 * selected ones those that are live stay.
 *
 * @throws FoveaError FOV0070 for an unknown id, FOV0071 for a live run
 */
export async function removeCommand(
  io: Io,
  home: string,
  ids: readonly string[],
  options: RemoveOptions,
): Promise<ExitCode> {
  const rows = ids.length > 0 ? named(home, ids, options) : await selected(io, home, options);
  if (ids.length === 0 || options.dryRun === true) await list(io, rows, options.dryRun === true);
  if (options.dryRun === true || rows.length === 0) {
    if (io.json) await io.result({ runs: [], would: rows.map(({ run }) => run) });
    return EXIT.done;
  }
  if (options.yes !== true && process.stdin.isTTY === true && !(await confirmed(rows))) {
    io.note("nothing is removed");
    return EXIT.cancelled;
  }
  const removed: { readonly run: string; readonly removed: string }[] = [];
  for (const { run, dir } of rows) {
    removeRun(home, run);
    removed.push({ run, removed: dir });
    if (!io.json) await io.print(`removed ${dir}`);
  }
  if (io.json) await io.result({ ...(ids.length === 1 ? removed[0] : {}), runs: removed });
  return EXIT.done;
}

function named(home: string, ids: readonly string[], options: RemoveOptions): readonly RunRow[] {
  const option = options.olderThan === undefined ? "--where" : "--older-than";
  const written = options.olderThan ?? options.where;
  if (written !== undefined) {
    throw optionMistake(option, written, "runs are named, too", {
      fix: `name runs, or select them by ${option}`,
    });
  }
  const rows = [...new Set(ids)].map((id) => findRun(home, id));
  const live = rows.find(({ status }) => isUnderWay(status));
  if (live !== undefined) throw liveRunError(live.run);
  return rows;
}

async function selected(
  io: Io,
  home: string,
  { olderThan, where }: RemoveOptions,
): Promise<readonly RunRow[]> {
  if (olderThan === undefined && where === undefined) {
    throw optionMistake("RUN", "", "no run is named", {
      allowed: "ids of runs, or --older-than AGE, --where EXPR or both",
      fix: "`fovea runs list` shows the runs",
    });
  }
  const before =
    olderThan === undefined
      ? Number.POSITIVE_INFINITY
      : Date.now() / 1000 - parseAge("--older-than", olderThan);
  const { runs } = await selectRuns(home, where);
  const old = runs.map(({ row }) => row).filter(({ updated }) => updated < before);
  for (const { run, status } of old) {
    if (isUnderWay(status)) io.note(`${run} is ${status}: it stays`);
  }
  return old.filter(({ status }) => !isUnderWay(status));
}

async function list(io: Io, rows: readonly RunRow[], dry: boolean): Promise<void> {
  if (rows.length === 0) {
    io.note("no run is to be removed");
    return;
  }
  const now = Date.now() / 1000;
  const table = plainTable(
    [
      ["run", "left"],
      ["status", "left"],
      ["last event", "right"],
    ],
    rows.map(({ run, status, updated }) => [run, status, `${duration(now - updated)} ago`]),
  );
  io.note(`${rows.length} ${rows.length === 1 ? "run" : "runs"} to remove${dry ? "" : ":"}`);
  if (dry && !io.json) await io.print(table);
  else io.note(table);
}

async function confirmed(rows: readonly RunRow[]): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const what = rows.length === 1 ? rows[0]?.dir : `these ${rows.length} runs`;
  const answer = await terminal.question(`remove ${what} and everything in it? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

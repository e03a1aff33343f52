import type { Command } from "commander";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import type { TailOptions } from "../run/tail.js";
import type { ExportOptions } from "../runs/export.js";
import type { GcOptions } from "../runs/gc.js";
import type { ListOptions } from "../runs/list.js";
import type { RemoveOptions } from "../runs/remove.js";

/** `fovea runs`: the registry of runs; each subcommand takes `--json`. */
export function register(program: Command, action: ActionMaker): void {
  const runs = program
    .command("runs")
    .description("list, show, compare, follow, stop, export and remove runs");
  const add = (usage: string, description: string): Command =>
    runs
      .command(usage)
      .description(description)
      .option("--json", "print the result as JSON")
      .allowExcessArguments(false);
  const where = [
    "--where <expr>",
    "runs that this is true of, such as 'top1>80 && kernel=51'",
  ] as const;

  add("list", "all runs, oldest first")
    .option(...where)
    .option("--sort <names>", "by these names, with a minus from high to low: -top1,seed")
    .option("--columns <names>", "these columns, metrics and settings: run,top1,recipe.lr")
    .option("--limit <n>", "at most this many rows")
    .option("--mean", "means and spreads over seeds, of completed runs")
    .action(action(list));
  add(
    "show <id>",
    "one run: where it comes from, its settings, its events and what is wrong with them",
  ).action(action(show));
  add(
    "compare <id...>",
    "what tells runs apart in settings, code and circumstances, and what they measured",
  ).action(action(compare));
  add("tail <id>", "print a run's events, and follow it while it lives")
    .option("-f, --follow", "follow it while it lives, as it does anyway")
    .option("--no-follow", "print what is there, and end")
    .option("-n, --lines <n>", "of what is there only the last lines")
    .action(action(tail));
  add("cancel <id>", "stop a run after a checkpoint").action(action(cancel));
  add("rm [id...]", "remove folders of runs that are over")
    .option("--older-than <age>", "runs whose last event is older: 90s, 45min, 12h, 30d, 2w")
    .option(...where)
    .option("--dry-run", "list them and remove nothing")
    .option("--yes", "ask nothing")
    .action(action(remove));
  add("export", "runs as a table, one row each: settings, metrics, where they come from")
    .option("--format <format>", "csv, json or parquet (as --out ends, else csv)")
    .option("--out <file>", "the file; stdout where none is named")
    .option(...where)
    .action(action(exportRuns));
  add("gc", "remove what killed processes left behind")
    .option("--checkpoints <age>", "checkpoints of completed runs that are older, too: 30d")
    .option("--where <expr>", "only of runs that this is true of, with --checkpoints")
    .option("--dry-run", "list it and remove nothing")
    .action(action(gc));
}

async function home(): Promise<string> {
  const { homeDirectory } = await import("../../launch/home.js");
  return homeDirectory(process.cwd());
}

async function list(io: Io, options: ListOptions): Promise<ExitCode> {
  const { listCommand } = await import("../runs/list.js");
  return await listCommand(io, await home(), options);
}

async function show(io: Io, id: string): Promise<ExitCode> {
  const { examineRun } = await import("../../runs/examine-run.js");
  const run = examineRun(await home(), id);
  if (io.json) await io.result(run);
  else {
    const { runDetails } = await import("../../report/run-details.js");
    await io.print(runDetails(run));
  }
  return EXIT.done;
}

async function compare(io: Io, ids: readonly string[]): Promise<ExitCode> {
  const { compareRuns } = await import("../../runs/compare-runs.js");
  const runs = compareRuns(await home(), ids);
  if (io.json) await io.result({ runs });
  else {
    const { compareTable } = await import("../../report/compare-table.js");
    await io.print(compareTable(runs));
  }
  return EXIT.done;
}

async function tail(io: Io, id: string, options: TailOptions): Promise<ExitCode> {
  const { tailRun } = await import("../run/tail.js");
  return await tailRun(io, await home(), id, options);
}

async function cancel(io: Io, id: string): Promise<ExitCode> {
  const { cancelRun } = await import("../../runs/cancel-run.js");
  const row = await cancelRun(await home(), id, io.note);
  const { run, status, dir, metrics, reason } = row;
  if (io.json) await io.result({ run, status, dir, metrics });
  else {
    const { printable } = await import("../../ir/printable.js");
    await io.print(`${run}: ${status}${reason === null ? "" : `, ${printable(reason)}`}`);
  }
  return EXIT.done;
}

async function remove(io: Io, ids: readonly string[], options: RemoveOptions): Promise<ExitCode> {
  const { removeCommand } = await import("../runs/remove.js");
  return await removeCommand(io, await home(), ids, options);
}

async function exportRuns(io: Io, options: ExportOptions): Promise<ExitCode> {
  const { exportCommand } = await import("../runs/export.js");
  return await exportCommand(io, await home(), options);
}

async function gc(io: Io, options: GcOptions): Promise<ExitCode> {
  const { gcCommand } = await import("../runs/gc.js");
  return await gcCommand(io, await home(), options);
}

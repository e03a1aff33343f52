import type { Command } from "commander";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import type { ListOptions } from "../runs/list.js";

/** `fovea runs`: the registry of runs; each subcommand takes `--json`. */
export function register(program: Command, action: ActionMaker): void {
  const runs = program
    .command("runs")
    .description("list, show, compare, follow, stop and remove runs");
  const add = (usage: string, description: string): Command =>
    runs
      .command(usage)
      .description(description)
      .option("--json", "print the result as JSON")
      .allowExcessArguments(false);

  add("list", "all runs, oldest first")
    .option("--where <expr>", "only runs that this is true of, such as 'top1>80 && kernel=51'")
    .option("--sort <keys>", "by these names, with a minus from high to low: -top1,seed")
    .option("--columns <names>", "these columns, metrics and settings: run,top1,recipe.lr")
    .option("--limit <n>", "at most this many rows")
    .option("--mean", "means and spreads over seeds, of completed runs")
    .action(action(list));
  add("show <id>", "one run, its events and what is wrong with them").action(action(show));
  add("compare <id...>", "what tells runs apart, and what they measured").action(action(compare));
  add("tail <id>", "print a run's events, and follow it while it lives").action(action(tail));
  add("cancel <id>", "stop a run after a checkpoint").action(action(cancel));
  add("rm <id>", "remove a run's folder").option("--yes", "ask nothing").action(action(remove));
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

async function tail(io: Io, id: string): Promise<ExitCode> {
  const { tailRun } = await import("../run/tail.js");
  return await tailRun(io, await home(), id);
}

async function cancel(io: Io, id: string): Promise<ExitCode> {
  const { cancelRun } = await import("../../runs/cancel-run.js");
  const row = await cancelRun(await home(), id, () => io.note(`stopping ${id}`));
  const { run, status, dir, metrics, reason } = row;
  if (io.json) await io.result({ run, status, dir, metrics });
  else {
    const { printable } = await import("../../ir/printable.js");
    await io.print(`${run}: ${status}${reason === null ? "" : `, ${printable(reason)}`}`);
  }
  return EXIT.done;
}

async function remove(io: Io, id: string, options: { readonly yes?: boolean }): Promise<ExitCode> {
  const { findRun } = await import("../../runs/find-run.js");
  const { removeRun } = await import("../../runs/remove-run.js");
  const folder = await home();
  const { run, dir } = findRun(folder, id);
  if (options.yes !== true && process.stdin.isTTY === true && !(await confirmed(dir))) {
    io.note("nothing is removed");
    return EXIT.cancelled;
  }
  removeRun(folder, id);
  if (io.json) await io.result({ run, removed: dir });
  else await io.print(`removed ${dir}`);
  return EXIT.done;
}

async function confirmed(dir: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`remove ${dir} and everything in it? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

import type { Command } from "commander";
import type { ActionMaker } from "../command.js";
import type { ReportOptions } from "../report/run-report.js";

/** `fovea report`: runs and sweeps as one self-contained page, tables and figures. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("report")
    .description("write runs and sweeps as one self-contained HTML page, tables and figures")
    .argument(
      "[run...]",
      "ids of runs, and files of sweeps; all runs where no run, no sweep and no --where is given",
    )
    .requiredOption(
      "--out <dir>",
      "folder for index.html, results.csv, table.md, table.tex, figures/",
    )
    .option(
      "--sweep <file>",
      "report the runs of this sweep's points; may be repeated",
      (file: string, files: readonly string[]) => [...files, file],
      [],
    )
    .option(
      "--where <expr>",
      "runs that this is true of, such as 'top1>80 && kernel=51', beside those that are named",
    )
    .option("--title <text>", "heading of the page")
    .option("--erf <dir>", "folder with pictures of `fovea erf --out`")
    .option("--json", "print {dir, files, runs, sweeps, warnings} as JSON")
    .action(
      action(async (io, named: readonly string[], options: ReportOptions) => {
        const { runReport } = await import("../report/run-report.js");
        return await runReport(io, named, options, process.cwd());
      }),
    );
}

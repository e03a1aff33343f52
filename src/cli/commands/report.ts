import type { Command } from "commander";
import { type ActionMaker, EXIT } from "../command.js";

/** `fovea report`: runs as one self-contained page and a table. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("report")
    .description("write runs as one self-contained HTML page and a CSV table")
    .argument("[run...]", "ids of runs; all of them where none is named")
    .requiredOption("--out <dir>", "folder for index.html and results.csv")
    .option("--json", "print {dir, files, runs} as JSON")
    .action(
      action(async (io, named: readonly string[], options: { readonly out: string }) => {
        const [{ resolve }, { homeDirectory }, { listRuns }, { writeReport }] = await Promise.all([
          import("node:path"),
          import("../../launch/home.js"),
          import("../../runs/run-index.js"),
          import("../../report/write-report.js"),
        ]);
        const home = homeDirectory(process.cwd());
        const ids =
          named.length > 0 ? [...new Set(named)] : (await listRuns(home)).map(({ run }) => run);
        const dir = resolve(options.out);
        const { page } = writeReport(home, ids, dir);
        if (io.json) await io.result({ dir, files: ["index.html", "results.csv"], runs: ids });
        else await io.print(page);
        return EXIT.done;
      }),
    );
}

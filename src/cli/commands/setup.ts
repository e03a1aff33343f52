import type { Command } from "commander";
import { type ActionMaker, EXIT } from "../command.js";

/** `fovea setup`: the Python side, from a lock file. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("setup")
    .description(
      "make .venv and install the locked Python side; FOVEA_PYTHON is checked in its place",
    )
    .option("--dev", "what fovea's own tests need, too")
    .option("--json", "print {python, changed} as JSON")
    .allowExcessArguments(false)
    .action(
      action(async (io, options: { readonly dev?: boolean }) => {
        const { setupPython } = await import("../../launch/setup-python.js");
        const { python, changed } = await setupPython({
          cwd: process.cwd(),
          dev: options.dev === true,
          onLine: io.note,
        });
        if (io.json) await io.result({ python: python.command, changed });
        else await io.print(`${changed ? "installed" : "nothing to do"}: ${python.command}`);
        return EXIT.done;
      }),
    );
}

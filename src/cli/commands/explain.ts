import type { Command } from "commander";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

/** `fovea explain`: what a code of an error or a warning means, and what to do. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("explain [code]")
    .description(
      "explain a code such as FOV0012: what it means, why, an example, what to do; all codes without one",
    )
    .option("--json", "print {code, meaning, why, mend, example}, or {codes} of all")
    .allowExcessArguments(false)
    .action(action(explain));
}

async function explain(io: Io, written: string | undefined): Promise<ExitCode> {
  const { allCodes, explanationText, findCode } = await import("../explain/codes.js");
  if (written === undefined) {
    if (io.json) await io.result({ codes: allCodes() });
    else
      await io.print(
        allCodes()
          .map(({ code, meaning }) => `${code}  ${meaning}`)
          .join("\n"),
      );
    return EXIT.done;
  }
  const found = findCode(written);
  if (io.json) await io.result(found);
  else await io.print(explanationText(found));
  return EXIT.done;
}

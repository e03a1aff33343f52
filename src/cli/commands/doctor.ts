import type { Command } from "commander";
import { type ActionMaker, EXIT } from "../command.js";

/** `fovea doctor`: what the machine has, and what would run where. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("doctor")
    .description("look at Node, Python, torch, the GPU and the disk, and say what would run where")
    .option("--json", "print {ok, findings, runs} as JSON")
    .allowExcessArguments(false)
    .action(
      action(async (io) => {
        const [{ diagnose }, { homeDirectory }] = await Promise.all([
          import("../../harness/diagnose.js"),
          import("../../launch/home.js"),
        ]);
        const cwd = process.cwd();
        const diagnosis = await diagnose(cwd, homeDirectory(cwd));
        if (io.json) await io.result(diagnosis);
        else {
          const { diagnosisText } = await import("../doctor/diagnosis-text.js");
          await io.print(diagnosisText(diagnosis));
        }
        return diagnosis.ok ? EXIT.done : EXIT.failed;
      }),
    );
}

import type { Command } from "commander";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

/** `fovea diff`: what tells two specs, packages or runs apart. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("diff")
    .description(
      "what tells two things apart: networks or experiments (a file, a shipped name, timm:NAME), generated packages (a folder) or runs (an id or a folder), in any mix; exit code 0 where nothing does, 1 where something does",
    )
    .argument("<a>", "the first")
    .argument("<b>", "the second")
    .option("--json", "print what differs as JSON (docs/provenance.md)")
    .allowExcessArguments(false)
    .action(action(diff));
}

async function diff(io: Io, a: string, b: string): Promise<ExitCode> {
  const [{ readOperand }, { compareOperands }] = await Promise.all([
    import("../diff/operand.js"),
    import("../diff/compare-operands.js"),
  ]);
  const cwd = process.cwd();
  const left = await readOperand(a, cwd);
  const right = await readOperand(b, cwd);
  const found = await compareOperands(left, right);
  const { diffDocument, diffText } = await import("../diff/report.js");
  if (io.json) await io.result(diffDocument(left, right, found));
  else await io.print(diffText(left, right, found));
  return found.equal ? EXIT.done : EXIT.failed;
}

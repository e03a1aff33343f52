import { type Command, Option } from "commander";
import { WEIGHT_FORMATS } from "../../harness/weight-formats.js";
import type { ActionMaker, ExitCode } from "../command.js";
import type { Io } from "../io.js";
import type { ExportOptions } from "../weights/run-export.js";
import type { ImportOptions } from "../weights/run-import.js";

/** `fovea weights`: checkpoints of the authors' code into generated networks, and back. */
export function register(program: Command, action: ActionMaker): void {
  const weights = program
    .command("weights")
    .description("import official checkpoints into generated networks, and export them back");

  weights
    .command("import")
    .description("a checkpoint becomes the state dict of a network; every key is accounted for")
    .requiredOption("--from <file>", "the checkpoint: .pth, .pt or .safetensors")
    .addOption(format("whose layout the checkpoint has"))
    .option("--network <name>", "shipped network, declaration or package (default: recognised)")
    .requiredOption("--out <file>", "the .safetensors file to write")
    .option("--classes <n>", "classes of the network; a fresh classifier where the file has others")
    .option("--ema", "take the file's moving average")
    .option("--json", "print the report as JSON")
    .allowExcessArguments(false)
    .action(action(importWeights));

  weights
    .command("export")
    .description("a network's state dict becomes a checkpoint in the layout of its authors' code")
    .requiredOption("--from <file>", "what `weights import` wrote, or a checkpoint of `fovea run`")
    .requiredOption("--network <name>", "shipped network, declaration or package")
    .addOption(format("whose layout the checkpoint gets"))
    .requiredOption("--out <file>", "the .pth, .pt or .safetensors file to write")
    .option("--ema", "take the run's moving average")
    .option("--json", "print the report as JSON")
    .allowExcessArguments(false)
    .action(action(exportWeights));
}

function format(description: string): Option {
  return new Option("--format <format>", description).choices(WEIGHT_FORMATS).makeOptionMandatory();
}

async function importWeights(io: Io, options: ImportOptions): Promise<ExitCode> {
  const { runImport } = await import("../weights/run-import.js");
  return await runImport(io, options, process.cwd());
}

async function exportWeights(io: Io, options: ExportOptions): Promise<ExitCode> {
  const { runExport } = await import("../weights/run-export.js");
  return await runExport(io, options, process.cwd());
}

import { type Command, Option } from "commander";
import { WEIGHT_FORMATS } from "../../harness/weight-formats.js";
import type { ActionMaker, ExitCode } from "../command.js";
import type { Io } from "../io.js";
import type { ExportOptions } from "../weights/run-export.js";
import type { ImportOptions } from "../weights/run-import.js";
import type { ResizeOptions } from "../weights/run-resize.js";

/** `fovea weights`: checkpoints into generated networks, out of them, and from one to another. */
export function register(program: Command, action: ActionMaker): void {
  const weights = program
    .command("weights")
    .description("import official checkpoints, export them, and carry weights to other kernels");

  weights
    .command("import")
    .description("a checkpoint becomes the state dict of a network; every key is accounted for")
    .requiredOption("--from <file>", "the checkpoint: .pth, .pt or .safetensors")
    .addOption(format("whose layout the checkpoint has"))
    .option("--network <name>", "shipped network, declaration or package (default: recognised)")
    .requiredOption("--out <file>", "the .safetensors file to write")
    .option("--classes <n>", "classes of the network; a fresh classifier where the file has others")
    .option("--ema", "take the file's moving average")
    .option("--project", "project dense kernels onto the grids of --network, a layer at a time")
    .option("--source <name>", "with --project and --format fovea: the network the file is of")
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

  weights
    .command("resize")
    .description("a network's weights for the same network with other kernels or centres")
    .requiredOption("--from <file>", "a .safetensors or .pt file of --network, or a run")
    .option("--network <name>", "shipped network, declaration or package (default: the run's)")
    .requiredOption("--to <name>", "the network with other kernels, named in the same way")
    .requiredOption("--out <file>", "the .safetensors file to write")
    .option("--ema", "take the run's moving average")
    .option("--json", "print the report as JSON")
    .allowExcessArguments(false)
    .action(action(resizeWeights));
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

async function resizeWeights(io: Io, options: ResizeOptions): Promise<ExitCode> {
  const { runResize } = await import("../weights/run-resize.js");
  return await runResize(io, options, process.cwd());
}

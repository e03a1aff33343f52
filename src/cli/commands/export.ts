import { type Command, Option } from "commander";
import { EXPORT_DTYPES, EXPORT_FORMATS } from "../../harness/export-formats.js";
import type { ActionMaker, ExitCode } from "../command.js";
import type { ExportOptions } from "../export/options.js";
import type { Io } from "../io.js";

/** `fovea export`: a network for other tools. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("export")
    .description("write a network as ONNX, a PyTorch program, safetensors or a hub folder")
    .argument("<target>", "a generated package, a declaration or a shipped name")
    .addOption(
      new Option("--format <format>", "what is written")
        .choices(Object.keys(EXPORT_FORMATS))
        .makeOptionMandatory(),
    )
    .requiredOption("--out <path>", "the file, or for hf the folder")
    .option("--weights <file>", "what `weights import` or a run wrote (default: fresh ones)")
    .option("--ema", "take the run's moving average")
    .option("--fused", "the re-parameterised inference form")
    .option("--size <size>", "N or HxW: images of this size alone (default: any)")
    .option("--batch <n>", "so many images alone, or dynamic", "dynamic")
    .addOption(
      new Option("--dtype <dtype>", "of weights and images")
        .choices(EXPORT_DTYPES)
        .default("float32"),
    )
    .option("--json", "print the report as JSON")
    .allowExcessArguments(false)
    .action(action(exportTarget));
}

async function exportTarget(io: Io, target: string, options: ExportOptions): Promise<ExitCode> {
  const { runExport } = await import("../export/run-export.js");
  return await runExport(io, target, options, process.cwd());
}

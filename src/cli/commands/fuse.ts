import type { Command } from "commander";
import type { ActionMaker, ExitCode } from "../command.js";
import type { FuseOptions } from "../fuse/run-fuse.js";
import type { Io } from "../io.js";

/** `fovea fuse`: a checkpoint re-parameterised for inference, checked before it is written. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("fuse")
    .description("fold BatchNorms and merge branches of a checkpoint, checked on real images")
    .requiredOption("--from <file>", "a .safetensors or .pt file of --network, or a run")
    .option("--network <name>", "shipped network, declaration or package (default: the run's)")
    .requiredOption("--out <file>", "the .safetensors file to write")
    .option("--ema", "take the run's moving average")
    .option("--allow-dense", "let kernels lose their sharing where a branch is too wide for it")
    .option("--images <dir>", "folder of images to check with (default: scanned digits)")
    .option("--size <size...>", "sizes to check at, N or HxW (default: three around the network's)")
    .option("--json", "print the report as JSON")
    .allowExcessArguments(false)
    .action(action(fuse));
}

async function fuse(io: Io, options: FuseOptions): Promise<ExitCode> {
  const { runFuse } = await import("../fuse/run-fuse.js");
  return await runFuse(io, options, process.cwd());
}

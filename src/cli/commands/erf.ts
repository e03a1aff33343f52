import { type Command, Option } from "commander";
import type { ActionMaker, ExitCode } from "../command.js";
import type { ErfOptions } from "../erf/run-erf.js";
import type { Io } from "../io.js";

/** `fovea erf`: effective receptive fields, by RepLKNet's protocol. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("erf")
    .description("effective receptive fields: area ratios, heat maps, any models beside each other")
    .argument("<target...>", "runs, shipped networks, declarations, packages or timm:NAME")
    .addOption(
      new Option(
        "--weights <[target=]file>",
        "a file of weights or a run, for the only target that is no run, or for TARGET; may be repeated",
      )
        .argParser((word: string, before: readonly string[]) => [...before, word])
        .default([], "untrained"),
    )
    .option("--ema", "take the moving average (default: where a run has one)")
    .option("--no-ema", "take the weights themselves")
    .option("--images <dir>", "folder of images (default: crops of scikit-learn's photographs)")
    .option("--count <n>", "images, the first by name", "50")
    .option("--size <n>", "side that images are resized to, in pixels", "1024")
    .option("--out <dir>", "folder for .npy, .png and .svg of each model, and of all side by side")
    .addOption(
      new Option("--device <device>", "where to compute")
        .choices(["auto", "cpu", "cuda"])
        .default("auto"),
    )
    .option("--json", "print {models: [{name, weights, images, size, ratios, files, …}], …}")
    .allowExcessArguments(false)
    .action(action(erf));
}

async function erf(io: Io, targets: readonly string[], options: ErfOptions): Promise<ExitCode> {
  const { runErf } = await import("../erf/run-erf.js");
  return await runErf(io, targets, options, process.cwd());
}

import { type Command, Option } from "commander";
import type { ActionMaker, ExitCode } from "../command.js";
import type { EvalOptions } from "../eval/options.js";
import type { Io } from "../io.js";

/** `fovea eval`: accuracy, class by class, and images a second of a run or of weights. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("eval")
    .description("top-1, top-5 and loss of a run or of weights, class by class; images a second")
    .argument("<target>", "a run, by its id or folder, or a file of weights of --network")
    .option(
      "--network <name>",
      "shipped network, declaration, package or timm:NAME (default: the run's)",
    )
    .option(
      "--data <data>",
      "digits, digits:N, a folder in ImageNet's layout or of class folders, or an experiment (default: the run's)",
    )
    .addOption(
      new Option("--checkpoint <which>", "which of the run's (default: last)").choices([
        "last",
        "best",
      ]),
    )
    .option("--ema", "take the moving average (default: where the run has one)")
    .option("--no-ema", "take the weights themselves")
    .option("--size <size>", "size of the images, N or HxW (default: the network's own)")
    .option("--batch <n>", "images at a time (default: the run's; else 256, on a CPU 64)")
    .addOption(
      new Option("--device <device>", "where to evaluate (default: as the run, else auto)").choices(
        ["auto", "cpu", "cuda"],
      ),
    )
    .addOption(
      new Option("--amp <type>", "autocast's type (default: the run's, else off)").choices([
        "bf16",
        "fp16",
        "off",
      ]),
    )
    .option("--fuse", "evaluate what fuse() makes of the network")
    .option("--per-class", "show all classes, not the worst alone; --json always has them")
    .option(
      "--throughput [batch...]",
      "time batches in fp32 and with autocast (default: 1 64 128, on a CPU 1 8)",
    )
    .option("--json", "print {network, images, metrics, classes, throughput, …}")
    .allowExcessArguments(false)
    .action(action(evaluate));
}

async function evaluate(io: Io, target: string, options: EvalOptions): Promise<ExitCode> {
  const { runEval } = await import("../eval/run-eval.js");
  return await runEval(io, target, options, process.cwd());
}

import { type Command, Option } from "commander";
import type { RunOutcome } from "../../harness/run-request.js";
import type { Peer } from "../../ir/peer.js";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { addLaunchOptions, type LaunchFlags, readFirst } from "../run/launch-options.js";

interface RunFlags extends LaunchFlags {
  readonly set: readonly string[];
  readonly device?: "auto" | "cpu" | "cuda";
  readonly resume?: string;
  readonly join?: string;
  readonly unverified: boolean;
}

/** `fovea run`: from a declared experiment to an ended run. */
export function register(program: Command, action: ActionMaker): void {
  const command = program
    .command("run")
    .description("generate, verify and train an experiment, and keep its record")
    .argument(
      "[file]",
      "the experiment's file, or a shipped name; with --resume it may be left out",
    )
    .addOption(
      new Option("--set <path=value>", "change a setting, such as recipe.lr=0.01; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(new Option("--device <device>", "where to train").choices(["auto", "cpu", "cuda"]));
  addLaunchOptions(command)
    .option("--resume <id>", "go on with a run that ended early")
    .option("--join <id>", "torchrun: train a run of another machine with it (docs/distributed.md)")
    .option(
      "--unverified",
      "train without verifying the kernels, and record that (otherwise a kernel without a passing certificate refuses the run)",
      false,
    )
    .option("--json", "print {run, status, dir, metrics} as JSON")
    .allowExcessArguments(false)
    .action(action(run));
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function run(io: Io, file: string | undefined, flags: RunFlags): Promise<ExitCode> {
  if (flags.join !== undefined) {
    const { join } = await import("../run/join.js");
    return await tellEnd(io, await join(io, file, flags.join, flags));
  }
  const cwd = process.cwd();
  const [{ loadExperiment }, { homeDirectory }, { runWithProgress }, { peerPlace }] =
    await Promise.all([
      import("../run/load-experiment.js"),
      import("../../launch/home.js"),
      import("../run/run-with-progress.js"),
      import("../../load/peer-place.js"),
    ]);
  const launch = readFirst(flags);
  const home = homeDirectory(cwd);
  const resume = flags.resume ?? null;
  const declared = await loadExperiment(file, resume, flags.set, home, cwd);
  const { device = null, unverified } = flags;
  const place = (peer: Peer) => peerPlace(peer, declared);
  const request = { ...declared, cwd, home, device, resume, launch, unverified, place };
  return await tellEnd(io, await runWithProgress(io, request));
}

async function tellEnd(io: Io, { row, tooEarly }: RunOutcome): Promise<ExitCode> {
  if (row === null) {
    if (io.json) await io.result({ run: null, status: "cancelled", dir: null, metrics: {} });
    return EXIT.cancelled;
  }
  const { run, status, dir, metrics } = row;
  if (io.json) await io.result({ run, status, dir, metrics });
  else {
    const { runTable } = await import("../../report/run-table.js");
    await io.print(runTable([row]));
  }
  if (tooEarly || status === "cancelled") return EXIT.cancelled;
  return status === "completed" ? EXIT.done : EXIT.failed;
}

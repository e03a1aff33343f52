import { type Command, Option } from "commander";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { addLaunchOptions, type LaunchFlags } from "../run/launch-options.js";

interface ReplayFlags extends LaunchFlags {
  readonly steps?: string;
  readonly device?: "auto" | "cpu" | "cuda";
  readonly package: "recorded" | "as-is" | "new";
}

/** `fovea replay`: the same run again from its record, and whether it gives the same bits. */
export function register(program: Command, action: ActionMaker): void {
  const command = program
    .command("replay")
    .description(
      "run a run again from its record, and say whether losses and metrics are bit-equal, and what differed where they are not",
    )
    .argument("<run>", "the run's id")
    .option("--steps <n>", "make the first n steps only, on the schedule of the whole run")
    .addOption(
      new Option("--device <device>", "where to train, in place of what the run asked for").choices(
        ["auto", "cpu", "cuda"],
      ),
    )
    .addOption(
      new Option(
        "--package <which>",
        "the generated code: recorded is the run's own and must be intact, as-is takes it edited, new emits it anew from the record",
      )
        .choices(["recorded", "as-is", "new"])
        .default("recorded"),
    );
  addLaunchOptions(command)
    .option("--json", "print the comparison as JSON (docs/provenance.md)")
    .allowExcessArguments(false)
    .action(action(replay));
}

async function replay(io: Io, run: string, flags: ReplayFlags): Promise<ExitCode> {
  const [{ replayWithProgress }, { homeDirectory }, { readFirst }, { parseWhole }] =
    await Promise.all([
      import("../replay/replay-with-progress.js"),
      import("../../launch/home.js"),
      import("../run/launch-options.js"),
      import("../whole.js"),
    ]);
  const rule = { option: "--steps", most: 1e9, unit: "steps", example: "10" };
  const cwd = process.cwd();
  const found = await replayWithProgress(io, {
    home: homeDirectory(cwd),
    cwd,
    run,
    steps: flags.steps === undefined ? null : parseWhole(flags.steps, rule),
    device: flags.device ?? null,
    launch: readFirst(flags),
    package: flags.package,
  });
  const { replayDocument, replayText } = await import("../replay/report.js");
  if (io.json) await io.result(replayDocument(found));
  else await io.print(replayText(found));
  const { row, reached, equal } = found;
  if (row === null || (!reached && row.status === "cancelled")) return EXIT.cancelled;
  return equal ? EXIT.done : EXIT.failed;
}

import { type Command, Option } from "commander";
import { PLAN_DTYPES, PLAN_TARGETS } from "../../ir/layer-plan.js";
import type { ActionMaker } from "../command.js";
import type { RetargetOptions } from "../retarget/options.js";

const collected = (flags: string, description: string): Option =>
  new Option(flags, description)
    .argParser((word: string, before: readonly string[]) => [...before, word])
    .default([], "none");

/** `fovea retarget`: other kernel sizes in the user's own file, and everything that follows. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("retarget <file>")
    .description(
      "give a network other kernel sizes: shows the change of your own file and what it costs; with --write makes it, regenerates the kernels that differ and verifies them",
    )
    .option("--kernels <K,…>", "a kernel a stage, K or HxW; - keeps a stage")
    .addOption(collected("--stage <n=K>", "the kernel of one stage, from 0; may be repeated"))
    .option("--centre <C>", "side of the square that is not shared, in every peripheral stage")
    .addOption(
      collected(
        "--grid <n=cells>",
        "an explicit grid for a stage, cells or ROWSxCOLUMNS; may be repeated",
      ),
    )
    .option("--resolution <N>", "image size in pixels, N or HxW")
    .option("--network <name>", "which network, where the file has several")
    .option("--override", "write out what the file computes")
    .option("--split", "write out, for this network alone, what others use too")
    .option("--write", "change the file, regenerate, verify")
    .option("--undo", "take the last --write of this file back")
    .option("--out <dir>", "folder of packages (default: a generated/ that has this network's)")
    .option("--tuned <file>", "a table of `fovea tune` for the kernels' launches")
    .option("--force", "overwrite a package that was edited by hand; with --undo a changed file")
    .option("--no-verify", "write without verifying the kernels")
    .option("--bench", "with --write: time the old kernels and the new ones")
    .addOption(
      new Option("--device <device>", "where kernels are verified and timed")
        .choices(["auto", "cpu", "cuda"])
        .default("auto"),
    )
    .option("--target <T>", `predict for one of ${PLAN_TARGETS.join(", ")}`, "sm_90")
    .option(
      "--dtype <D>",
      `predict in one of ${PLAN_DTYPES.join(", ")} (default: bf16, on a CPU fp32)`,
    )
    .option("--batch <N>", "predict for so many images (default: 64, on a CPU 4)")
    .option("--json", "print {file, network, edits, changes, comparison, written, package, …}")
    .allowExcessArguments(false)
    .action(
      action(async (io, file: string, options: RetargetOptions) => {
        const { retarget } = await import("../retarget/run.js");
        return await retarget(io, file, options);
      }),
    );
}

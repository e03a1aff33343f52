import { type Command, Option } from "commander";
import { PLAN_DTYPES, PLAN_TARGETS } from "../../ir/layer-plan.js";
import type { ActionMaker } from "../command.js";
import type { ExploreOptions } from "../explore/options.js";

/** `fovea explore`: what kernel sizes cost, stage by stage, before anything is trained. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("explore <file>")
    .description(
      "show what kernel sizes cost in each stage: cells, parameters, multiply-adds, predicted time and scratch, the Pareto set; with --measure times are measured too",
    )
    .requiredOption("--kernels <K,…>", "sides to try: 51, 31,51,101, 31..151/4, or these together")
    .option("--centre <C,…>", "sides of the square that is not shared (default: as declared)")
    .option("--stage <N>", "one stage alone, from 0")
    .option("--network <name>", "which network, where the file has several")
    .option("--target <T>", `predict for one of ${PLAN_TARGETS.join(", ")} (default: sm_90)`)
    .option(
      "--dtype <D>",
      `predict in one of ${PLAN_DTYPES.join(", ")} (default: bf16, on a CPU fp32)`,
    )
    .option("--batch <N>", "predict for so many images (default: 64, on a CPU 4)")
    .option("--size <N>", "explore at this image size, N or HxW, in place of the network's own")
    .option("--measure", "time the kernels too, behind the correctness gate")
    .addOption(
      new Option("--device <device>", "with --measure: where (default: auto)").choices([
        "auto",
        "cpu",
        "cuda",
      ]),
    )
    .option("--threads <count>", "with --measure: CPU threads")
    .option("--rounds <count>", "with --measure: most samples a kernel and direction")
    .option("--svg <file>", "write the plot as SVG")
    .option("--csv <file>", "write a row a size as CSV")
    .option("--json", "print {name, target, stages: [{sizes: [{kernel, predicted, pareto, …}]}]}")
    .allowExcessArguments(false)
    .action(
      action(async (io, file: string, options: ExploreOptions) => {
        const { explore } = await import("../explore/run.js");
        return await explore(io, file, options);
      }),
    );
}

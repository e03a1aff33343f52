import type { Command } from "commander";
import { PLAN_DTYPES, PLAN_TARGETS } from "../../ir/layer-plan.js";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

interface Options {
  readonly target: string;
  readonly dtype?: string;
  readonly batch?: string;
  readonly size?: string;
}

/** `fovea plan`: how every large kernel is computed, and what a cost model puts it at. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("plan <file>")
    .description(
      "show how each large kernel is computed: method, tiles, FLOP, bytes, floor, scratch, reason; times are predictions of a cost model",
    )
    .option("--target <T>", `one of ${PLAN_TARGETS.join(", ")}`, "sm_90")
    .option("--dtype <D>", `one of ${PLAN_DTYPES.join(", ")} (default: bf16, on a CPU fp32)`)
    .option("--batch <N>", "images (default: 64, on a CPU 4)")
    .option("--size <N>", "plan for this image size, N or HxW, in place of the network's own")
    .option("--json", "print {name, target, dtype, batch, layers: [{method, predicted, …}], total}")
    .allowExcessArguments(false)
    .action(action(plan));
}

async function plan(io: Io, file: string, options: Options): Promise<ExitCode> {
  const [{ readPredictFor }, { atImageSize }] = await Promise.all([
    import("../predict-for.js"),
    import("../image-size.js"),
  ]);
  const predictFor = readPredictFor(options);
  const [{ loadTarget }, { planLayers }] = await Promise.all([
    import("../../load/load-target.js"),
    import("../../plan/layers.js"),
  ]);
  const { networks } = await loadTarget(file, { cwd: process.cwd(), note: io.note });
  const plans = networks.map((network) =>
    atImageSize(options.size, (size) => planLayers(network, { ...predictFor, size })),
  );
  if (io.json) {
    await io.result(plans.length === 1 ? plans[0] : { networks: plans });
  } else {
    const { renderLayerPlan } = await import("../../report/layer-plan.js");
    await io.print(plans.map(renderLayerPlan).join("\n\n\n"));
  }
  return EXIT.done;
}

import type { GridPair } from "../../src/ir/index.js";
import { planForCpu } from "../../src/plan/cost/cpu-plan.js";

/**
 * Prints what the planner puts the CPU methods at. The word on the command line is JSON,
 * `[{rows, columns, shape}]`; a line of the answer is nanoseconds of one plane by mode and method.
 */
type Wanted = GridPair & { readonly shape: readonly [number, number, number, number] };

const wanted = JSON.parse(process.argv[2] ?? "[]") as readonly Wanted[];
const costs = wanted.map(({ rows, columns, shape: [batch, channels, height, width] }) => {
  const problem = { pair: { rows, columns }, map: [height, width], batch, channels } as const;
  const { candidates } = planForCpu({ ...problem, dtype: "float" });
  const byMethod = (mode: "forward" | "training") =>
    Object.fromEntries(
      candidates.map((each) => [each.method, (1000 * each[mode]) / (batch * channels)]),
    );
  return { forward: byMethod("forward"), training: byMethod("training") };
});
process.stdout.write(JSON.stringify(costs));

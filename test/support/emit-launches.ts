import type { GridPair, Size } from "../../src/ir/index.js";
import { launchesOf } from "../../src/plan/cost/triton.js";
import { chooseMethod, type DtypeClass } from "../../src/plan/triton/method.js";

/**
 * Prints the launches of Triton kernels that the planner counts. The word on the command line is
 * JSON, `[{rows, columns, map, batch, channels, dtype}]`; a line of the answer is
 * `{forward: [[kernel, programs], …], gradients: …}`.
 */
type Wanted = GridPair & {
  readonly map: Size;
  readonly batch: number;
  readonly channels: number;
  readonly dtype: DtypeClass;
};

const wanted = JSON.parse(process.argv[2] ?? "[]") as readonly Wanted[];
const launches = wanted.map(({ rows, columns, ...rest }) => {
  const problem = { pair: { rows, columns }, ...rest };
  const { method } = chooseMethod(problem.pair, problem.map, problem.dtype);
  const { forward, input_gradient, weight_gradient } = launchesOf(method, problem);
  const counted = (list: typeof forward) =>
    list
      .filter(({ kernel }) => kernel !== "torch")
      .map(({ kernel, programs }) => [kernel, programs]);
  return {
    forward: counted(forward),
    gradients: counted([...input_gradient, ...weight_gradient]),
  };
});
process.stdout.write(JSON.stringify(launches));

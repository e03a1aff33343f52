import type { Prediction } from "../../ir/layer-plan.js";
import { CPU_COPY } from "./cpu.js";
import {
  CPU_METHODS,
  type CpuCosts,
  type CpuMethod,
  cpuCosts,
  planeWork,
  totalCost,
} from "./cpu-costs.js";
import { cpuFlop, cpuMoved, cpuScratch } from "./cpu-work.js";
import type { MethodPlan } from "./method-plan.js";
import { floorBytes, type Problem } from "./problem.js";

/** Plans a convolution for one core of a CPU, as the emitted "auto" does. */
export function planForCpu(problem: Problem): MethodPlan {
  const { pair, map, batch, channels } = problem;
  const work = planeWork(pair, map, { batch, channels });
  const costs = { forward: cpuCosts(work, "forward"), training: cpuCosts(work, "training") };
  const method = cheapest(costs.forward);
  const training = cheapest(costs.training);
  const planes = batch * channels;
  const microseconds = (cost: number): number => (planes * cost) / 1000;
  const predict = (of: CpuCosts, by: CpuMethod): Prediction => ({
    microseconds: microseconds(totalCost(of[by])),
    limit: largest(of[by]),
  });
  return {
    method,
    training_method: training,
    reason: `least of the convolution alone, in microseconds a plane: ${inWords(costs.forward)}`,
    note:
      training === method
        ? null
        : `with gradients ${training} is taken: ${inWords(costs.training)}`,
    constants: {},
    computed: cpuFlop(method, work),
    moved: cpuMoved(method, problem, work),
    floorSeconds: floorBytes(problem) / CPU_COPY,
    scratch: cpuScratch(method, problem, work),
    predicted: {
      forward: predict(costs.forward, method),
      input_gradient: null,
      weight_gradient: null,
      training: predict(costs.training, training),
    },
    candidates: CPU_METHODS.map((each) => ({
      method: each,
      forward: microseconds(totalCost(costs.forward[each])),
      input_gradient: null,
      weight_gradient: null,
      training: microseconds(totalCost(costs.training[each])),
    })),
  };
}

function cheapest(costs: CpuCosts): CpuMethod {
  return CPU_METHODS.reduce((a, b) => (totalCost(costs[b]) < totalCost(costs[a]) ? b : a));
}

/** The term that costs most. */
function largest(terms: Readonly<Record<string, number>>): string {
  return Object.entries(terms).reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

const inWords = (costs: CpuCosts): string =>
  CPU_METHODS.map((each) => `${each} ${(totalCost(costs[each]) / 1000).toFixed(1)}`).join(", ");

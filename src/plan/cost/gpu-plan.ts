import type { PlanCandidate, Prediction } from "../../ir/layer-plan.js";
import { planChained } from "../triton/chained.js";
import { LAUNCHES } from "../triton/launches.js";
import { chooseMethod, type TritonMethod } from "../triton/method.js";
import { planPlanes } from "../triton/planes.js";
import { planTile } from "../triton/tile.js";
import { DEVICES, type GpuTarget } from "./devices.js";
import { prediction, timeOf } from "./launch.js";
import type { MethodPlan } from "./method-plan.js";
import { floorBytes, outputs, type Problem } from "./problem.js";
import { launchesOf, possibleMethods, scratchOf } from "./triton.js";

/** Another method is worth a note from this share of the chosen one's time down. */
const WORTH_A_NOTE = 0.9;

/** Plans a convolution for a GPU: the method that kernel files take, and the model's times. */
export function planForGpu(problem: Problem, target: GpuTarget): MethodPlan {
  const { pair, map, dtype } = problem;
  const { method, reason } = chooseMethod(pair, map, dtype);
  const { forward } = launchesOf(method, problem);
  const sum = (pick: (launch: (typeof forward)[number]) => number): number =>
    forward.reduce((total, launch) => total + pick(launch), 0);
  const predicted = predict(method, problem, target);
  const candidates = possibleMethods(problem).map((each) => candidate(each, problem, target));
  return {
    method,
    training_method: method,
    reason,
    note: noteOn(method, predicted, candidates),
    constants: constantsOf(method, problem),
    computed: sum(({ matrix, sums }) => matrix + sums) / outputs(problem),
    moved: sum(({ moved }) => moved) / outputs(problem),
    floorSeconds: floorBytes(problem) / DEVICES[target].memory,
    scratch: scratchOf(method, problem),
    predicted,
    candidates,
  };
}

type GpuPrediction = Readonly<
  Record<"forward" | "input_gradient" | "weight_gradient" | "training", Prediction>
>;

function predict(method: TritonMethod, problem: Problem, target: GpuTarget): GpuPrediction {
  const launches = launchesOf(method, problem);
  const time = (direction: keyof typeof launches) =>
    timeOf(launches[direction], DEVICES[target], problem.dtype);
  const [forward, ofInput, ofWeight] = [
    time("forward"),
    time("input_gradient"),
    time("weight_gradient"),
  ];
  return {
    forward: prediction(forward),
    input_gradient: prediction(ofInput),
    weight_gradient: prediction(ofWeight),
    training: prediction(forward, ofInput, ofWeight),
  };
}

function candidate(method: TritonMethod, problem: Problem, target: GpuTarget): PlanCandidate {
  const { forward, input_gradient, weight_gradient, training } = predict(method, problem, target);
  return {
    method,
    forward: forward.microseconds,
    input_gradient: input_gradient.microseconds,
    weight_gradient: weight_gradient.microseconds,
    training: training.microseconds,
  };
}

function noteOn(
  method: TritonMethod,
  { training, weight_gradient }: GpuPrediction,
  candidates: readonly PlanCandidate[],
): string | null {
  const best = candidates.reduce((a, b) => (b.training < a.training ? b : a));
  if (best.training > WORTH_A_NOTE * training.microseconds) return null;
  const share = (part: number): string => `${Math.round((100 * part) / training.microseconds)}%`;
  const ofWeight = `the weight's gradient takes ${share(weight_gradient.microseconds)} of it`;
  return `by this model ${best.method} would take ${share(best.training)} of the time of ${method} with gradients, ${ofWeight}; ${method} is emitted by rule`;
}

/** Tiles, warps and stages of every launch, and the tiles that the map fixes. */
function constantsOf(
  method: TritonMethod,
  problem: Problem,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const { pair, map, dtype } = problem;
  const { forward, input_gradient, weight_gradient } = launchesOf(method, problem);
  const constants: Record<string, Readonly<Record<string, number>>> = {};
  for (const { kernel } of [...forward, ...input_gradient, ...weight_gradient]) {
    if (kernel !== "torch") constants[kernel] = LAUNCHES[kernel][dtype];
  }
  if (method === "chained") {
    const { images, lines, columns } = planChained(pair, map);
    constants["chained"] = { images, lines, columns, ...constants["chained"] };
  }
  const ofWeight = constants["planned_weight_gradient"];
  if (ofWeight !== undefined) {
    const { images, lines, columns } = planTile(map);
    constants["planned_weight_gradient"] = { images, lines, columns, ...ofWeight };
  }
  if (method === "planes") {
    const { columns, span } = planPlanes(pair, map);
    constants["planes"] = { columns, span, ...constants["planes"] };
  }
  return constants;
}

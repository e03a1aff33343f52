import { axisLength } from "../../analyse/grid.js";
import type { TritonMethod } from "../triton/method.js";
import { CHAINED_SIDE, DIRECT_TAPS } from "../triton/method.js";
import { chainedConvolution, chainedOperands } from "./chained.js";
import { directConvolution } from "./direct.js";
import { gemmConvolution } from "./gemm.js";
import { generalConvolution } from "./general.js";
import type { Launch } from "./launch.js";
import {
  planesConvolution,
  planesInputGradient,
  planesScratch,
  planesWeightGradient,
} from "./planes.js";
import type { Problem } from "./problem.js";
import { weightGradient, weightPartials } from "./weight-gradient.js";

/** The launches of the convolution and of its gradients where both are wanted. */
export interface Launches {
  readonly forward: readonly Launch[];
  readonly input_gradient: readonly Launch[];
  readonly weight_gradient: readonly Launch[];
}

/** What a kernel file launches for a method. */
export function launchesOf(method: TritonMethod, problem: Problem): Launches {
  if (method === "planes") {
    return {
      forward: planesConvolution(problem),
      input_gradient: planesInputGradient(problem),
      weight_gradient: planesWeightGradient(problem),
    };
  }
  const convolution = CONVOLUTIONS[method](problem);
  return {
    forward: convolution,
    input_gradient: convolution,
    weight_gradient: weightGradient(problem),
  };
}

const CONVOLUTIONS = {
  direct: directConvolution,
  gemm: gemmConvolution,
  chained: chainedConvolution,
  general: generalConvolution,
} as const;

/** Bytes of memory beside tensors that are given and returned, by what it holds. */
export function scratchOf(
  method: TritonMethod,
  problem: Problem,
): Readonly<Record<string, number>> {
  const partials = weightPartials(problem);
  if (method === "planes") return { partials, ...planesScratch(problem) };
  return method === "chained" ? { partials, operands: chainedOperands(problem) } : { partials };
}

/** Methods whose kernels could be emitted for a problem, whatever the planner chooses. */
export function possibleMethods({ pair, map }: Problem): TritonMethod[] {
  // A kernel file of few taps has one kernel for all maps.
  if (axisLength(pair.rows) * axisLength(pair.columns) <= DIRECT_TAPS) return ["direct"];
  const fits = Math.max(...map) <= CHAINED_SIDE;
  return ["gemm", ...(fits ? (["chained"] as const) : []), "planes", "general"];
}

import { FoveaError } from "../ir/index.js";
import { type Layer, numel } from "./layers.js";

/** A whole number as computed densely, and at the declared sparsity. */
export interface Counts {
  readonly dense: number;
  readonly nonzero: number;
}

export interface LayerCounts {
  readonly params: Counts;
  readonly macs: Counts;
}

/** Weights that a share of zeros leaves of a tensor. */
function keptWeights(count: number, sparsity: number): number {
  return count - Math.round(sparsity * count);
}

/** `round(macs · kept / count)`, exact where the product passes 2⁵³. */
function scaled(macs: number, kept: number, count: number): number {
  if (kept === count) return macs;
  const doubled = 2n * BigInt(macs) * BigInt(kept) + BigInt(count);
  return Number(doubled / (2n * BigInt(count)));
}

function exact(count: number, what: string): number {
  if (Number.isSafeInteger(count)) return count;
  throw new FoveaError({
    code: "FOV0022",
    message: `the ${what} of this network are too many to be counted exactly`,
    path: "input.size",
    value: count,
    allowed: `at most ${Number.MAX_SAFE_INTEGER}`,
    fix: "use a smaller image or a smaller network",
  });
}

/** Parameters and multiply-adds of one layer; what sparse training does not mask stays whole. */
export function countLayer(layer: Layer, sparsity: number): LayerCounts {
  const macs = exact(layer.macs, "multiply-adds");
  let dense = 0;
  let nonzero = 0;
  let fewer = macs;
  for (const tensor of layer.tensors) {
    const count = exact(numel(tensor), "parameters");
    const kept = tensor.masked ? keptWeights(count, sparsity) : count;
    dense += count;
    nonzero += kept;
    if (tensor.masked) fewer = scaled(macs, kept, count);
  }
  return { params: { dense, nonzero }, macs: { dense: macs, nonzero: fewer } };
}

/** Sums counts; of nothing they are zero. */
export function total(parts: readonly LayerCounts[]): LayerCounts {
  const add = (pick: (part: LayerCounts) => number, what: string): number =>
    exact(
      parts.reduce((sum, part) => sum + pick(part), 0),
      what,
    );
  return {
    params: {
      dense: add((part) => part.params.dense, "parameters"),
      nonzero: add((part) => part.params.nonzero, "parameters"),
    },
    macs: {
      dense: add((part) => part.macs.dense, "multiply-adds"),
      nonzero: add((part) => part.macs.nonzero, "multiply-adds"),
    },
  };
}

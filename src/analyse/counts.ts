import { FoveaError } from "../ir/index.js";
import { type Layer, numel } from "./layer.js";

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

/**
 * Parameters and multiply-adds of one layer. Nonzeros are counted as SLaK and PeLK publish them: a
 * share of every tensor but the embedding. (Sparse training leaves vectors dense, which is 0.1 to
 * 0.2% more.) Of multiply-adds, the share that the weight keeps.
 */
export function countLayer(layer: Layer, sparsity: number): LayerCounts {
  const macs = exact(layer.macs, "multiply-adds");
  const counted = layer.tensors.map((tensor) => {
    const count = exact(numel(tensor), "parameters");
    return { count, kept: tensor.sparse ? keptWeights(count, sparsity) : count };
  });
  const sum = (pick: (of: { count: number; kept: number }) => number): number =>
    counted.reduce((total, of) => total + pick(of), 0);
  const [weight = { count: 1, kept: 1 }] = counted;
  return {
    params: { dense: sum(({ count }) => count), nonzero: sum(({ kept }) => kept) },
    macs: { dense: macs, nonzero: scaled(macs, weight.kept, weight.count) },
  };
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

import type { Counts, LayerCounts } from "./counts.js";
import { total } from "./counts.js";
import type { LayerKind } from "./layer.js";
import type { StageShape } from "./shapes.js";

/** The mixers' depthwise convolutions within everything (PeLK, figure 5). */
export interface LargeKernels {
  /** Multiply-adds of one image; a parallel branch is counted with the kernel that it merges into. */
  readonly macs: Counts;
  /** Share of all multiply-adds, from 0 to 1: dense of dense, nonzero of nonzero. */
  readonly share: Counts;
}

/** What the kernel-wise embedding costs an image. */
export interface EmbeddingCost {
  /** Multiply-adds of one image as fovea computes it: none for a bias, which no image changes. */
  readonly macs: number;
  /** Share of all multiply-adds, dense, from 0 to 1. */
  readonly share: number;
  /**
   * As the paper counts: `Σ w(i, j)·h(i, j)` once a block, a multiply-add a tap and convolved
   * channel. Of PeLK-T it is the 0.05% of figure 5.
   */
  readonly perTap: { readonly macs: number; readonly share: number };
}

interface NamedCounts extends LayerCounts {
  readonly name: string;
  readonly kind: LayerKind;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Sums the large kernels among `layers`, of which they take a share. */
export function largeKernels(layers: readonly NamedCounts[]): LargeKernels {
  const { macs } = total(
    layers.filter(({ name, kind }) => kind === "depthwise" && name.includes(".mixer.")),
  );
  const all = total(layers).macs;
  return {
    macs,
    share: { dense: share(macs.dense, all.dense), nonzero: share(macs.nonzero, all.nonzero) },
  };
}

/** Counts the embeddings of all stages, within all `layers` of the network. */
export function embeddingCost(
  stages: readonly StageShape[],
  layers: readonly NamedCounts[],
): EmbeddingCost {
  const own = total(layers.filter(({ kind }) => kind === "embedding")).macs.dense;
  const whole = total(layers).macs.dense;
  const perTap = stages.reduce(
    (sum, { mixer, depth, convolved, kernel }) =>
      sum + (mixer.embedding === false ? 0 : depth * convolved * kernel[0] * kernel[1]),
    0,
  );
  return {
    macs: own,
    share: share(own, whole),
    perTap: { macs: perTap, share: share(perTap, whole) },
  };
}

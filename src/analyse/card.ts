import type { GridPair, Mixer, Size } from "../ir/index.js";
import type { Check } from "./checks.js";
import type { Counts } from "./counts.js";
import type { EmbeddingCost, LargeKernels } from "./large-kernels.js";
import type { LayerKind } from "./layer.js";
import type { PublishedFigure } from "./published/figure.js";
import type { ReceptiveField } from "./receptive-field.js";

/** Parameters in training form, and of `fuse()`'s result. */
interface MergeableCounts extends Counts {
  /** Trainable or not, every parameter that `fuse()` leaves; dense. */
  readonly merged: number;
}

interface ParameterCounts extends MergeableCounts {
  /** Kernel-wise embedding within `dense`. */
  readonly embedding: number;
}

/** Stem, stage or head; the three kinds make up the whole network. */
export interface CardPart {
  readonly params: ParameterCounts;
  /** Multiply-adds of one image in training form. */
  readonly macs: Counts;
}

/** One stage of a {@link Card}; its counts hold its downsampling, and the stem is in none. */
export interface CardStage extends CardPart {
  /** From 0, as in the emitted `stages.0`. */
  readonly index: number;
  readonly depth: number;
  readonly channels: number;
  /** Channels that the mixers convolve. */
  readonly convolved: number;
  /** Feature map, `[height, width]` in pixels. */
  readonly map: Size;
  readonly mixer: Mixer["type"];
  /** `[height, width]` in taps; of stripes, the long side of each. */
  readonly kernel: Size;
  /** `[height, width]` of its taps that can touch the map; the others only see padding. */
  readonly reach: Size;
  /** Cells of each large kernel: one pair, or two of stripes. */
  readonly grid: readonly GridPair[];
  readonly branch: number | false;
  readonly embedding: "bias" | "masked" | false;
  /** Stochastic-depth rates of the first and the last block. */
  readonly dropPath: readonly [first: number, last: number];
  readonly largeKernels: LargeKernels;
  /** Behind the last block. */
  readonly receptiveField: ReceptiveField;
}

/** One layer of the emitted module. */
export interface CardLayer {
  /** Name in the emitted module. */
  readonly name: string;
  readonly kind: LayerKind;
  /** Of its weight. */
  readonly shape: readonly number[];
  /** `merged` counts what `fuse()` leaves of it: 0 where it is folded into another layer. */
  readonly params: MergeableCounts;
  readonly macs: Counts;
}

/** The model card: what `fovea inspect --json` prints. All counts are whole numbers. */
export interface Card extends CardPart {
  readonly name: string;
  readonly description: string | null;
  readonly input: { readonly channels: number; readonly size: Size };
  /** Share of the masked weights that `nonzero` takes for zero. */
  readonly sparsity: number;
  readonly largeKernels: LargeKernels;
  readonly embeddingCost: EmbeddingCost;
  /** Before the head pools. */
  readonly receptiveField: ReceptiveField;
  readonly stem: CardPart;
  readonly stages: readonly CardStage[];
  readonly head: CardPart;
  readonly layers: readonly CardLayer[];
  /** Published figures of exactly this network, at this image size. */
  readonly published: readonly PublishedFigure[];
  readonly checks: readonly Check[];
}

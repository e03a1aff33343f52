import {
  type GridPair,
  type Mixer,
  type Network,
  type Size,
  type SizeLike,
  toSize,
} from "../ir/index.js";
import { type Check, checkNetwork } from "./checks.js";
import { type Counts, countLayer, type LayerCounts, total } from "./counts.js";
import { dropPathRates } from "./drop-path.js";
import type { Layer, LayerKind } from "./layer.js";
import { networkLayers } from "./layers.js";
import { stageReach } from "./reach.js";
import { stageShapes } from "./shapes.js";

/** Parameters in training form, and of `fuse()`'s result. */
interface ParameterCounts extends Counts {
  /** Kernel-wise embedding within `dense`. */
  readonly embedding: number;
  /** Trainable or not, every parameter that `fuse()` leaves; dense. */
  readonly merged: number;
}

/** One stage of a {@link Card}; its counts hold its downsampling, and the stem is in none. */
export interface CardStage {
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
  readonly params: ParameterCounts;
  readonly macs: Counts;
}

export interface CardLayer extends LayerCounts {
  /** Name in the emitted module. */
  readonly name: string;
  readonly kind: LayerKind;
  readonly params: Counts & { readonly merged: number };
}

/** The model card: what `fovea inspect --json` prints. All counts are whole numbers. */
export interface Card {
  readonly name: string;
  readonly description: string | null;
  readonly input: { readonly channels: number; readonly size: Size };
  /** Share of the masked weights that `nonzero` takes for zero. */
  readonly sparsity: number;
  readonly params: ParameterCounts;
  /** Multiply-adds of one image in training form. */
  readonly macs: Counts;
  readonly stages: readonly CardStage[];
  readonly layers: readonly CardLayer[];
  readonly checks: readonly Check[];
}

const merged = (layers: readonly Layer[]): number =>
  layers.reduce((sum, layer) => sum + layer.merged, 0);

/**
 * Counts a network layer by layer at an image size, by default its own. `params.dense` is what
 * the emitted module trains, `macs` what its forward pass multiplies for one image with every tap
 * of a kernel computed; `nonzero` is what the network's declared sparsity leaves of each.
 *
 * @throws FoveaError FOV0021 where a feature map would be empty, FOV0022 where a count passes 2⁵³.
 */
export function account(network: Network, options: { readonly size?: SizeLike } = {}): Card {
  const size = toSize(options.size ?? network.input.size);
  const shapes = stageShapes(network, size);
  const layers = networkLayers(network, shapes, size);
  const rates = dropPathRates(network);
  const count = (list: readonly Layer[]): CardLayer[] =>
    list.map((layer) => {
      const { params, macs } = countLayer(layer, network.sparsity);
      const { name, kind, merged } = layer;
      return { name, kind, params: { ...params, merged }, macs };
    });

  const stem = count(layers.stem);
  const head = count(layers.head);
  const counted = layers.stages.map(count);
  const stages = shapes.map((shape, index): CardStage => {
    const own = counted[index] ?? [];
    const { params, macs } = total(own);
    const drops = rates[index] ?? [];
    return {
      index,
      depth: shape.depth,
      channels: shape.channels,
      convolved: shape.convolved,
      map: shape.map,
      mixer: shape.mixer.type,
      kernel: shape.kernel,
      reach: stageReach(shape),
      grid: shape.grids,
      branch: shape.mixer.branch,
      embedding: shape.mixer.embedding,
      dropPath: [drops[0] ?? 0, drops.at(-1) ?? 0],
      params: {
        ...params,
        embedding: total(own.filter(({ kind }) => kind === "embedding")).params.dense,
        merged: merged(layers.stages[index] ?? []),
      },
      macs,
    };
  });

  const all = [...stem, ...counted.flat(), ...head];
  const { params, macs } = total(all);
  const sumStages = (pick: (stage: CardStage) => number): number =>
    stages.reduce((sum, stage) => sum + pick(stage), 0);
  return {
    name: network.name,
    description: network.description,
    input: { channels: network.input.channels, size },
    sparsity: network.sparsity,
    params: {
      ...params,
      embedding: sumStages((stage) => stage.params.embedding),
      merged: merged([...layers.stem, ...layers.stages.flat(), ...layers.head]),
    },
    macs,
    stages,
    layers: all,
    checks: checkNetwork(network, shapes, size),
  };
}

import {
  convolvedChannels,
  FoveaError,
  type GridPair,
  leastSide,
  type Mixer,
  mixedChannels,
  type Network,
  type Size,
  type SizeLike,
  stageMaps,
  toSize,
  widenedChannels,
} from "../ir/index.js";
import { mixerGrids, mixerKernel } from "./grid.js";

/** One stage with everything in it resolved. */
export interface StageShape {
  /** From 0, as in the emitted `stages.0`. */
  readonly index: number;
  /** Blocks. */
  readonly depth: number;
  /** Channels after widening. */
  readonly channels: number;
  /** Channels that the mixers get. */
  readonly mixed: number;
  /** Channels of those that are convolved, the first ones; the rest passes. */
  readonly convolved: number;
  /** Feature map, `[height, width]` in pixels. */
  readonly map: Size;
  readonly mixer: Mixer;
  /** Whether each convolution of the mixer has a BatchNorm of its own. */
  readonly normed: boolean;
  /** Kernel, `[height, width]` in taps; of stripes, their long sides. */
  readonly kernel: Size;
  /** One pair of grids a large kernel: one, or two of stripes. */
  readonly grids: readonly GridPair[];
}

function emptyMap(network: Network, size: Size, stage: number): FoveaError {
  const image = size.join("×");
  return new FoveaError({
    code: "FOV0021",
    message: `an image of ${image} pixels leaves stage ${stage} of ${network.name} an empty feature map`,
    path: "input.size",
    value: image,
    allowed: `at least ${leastSide(network)} pixels a side`,
    fix: "use a larger image, fewer stages or smaller strides",
  });
}

/** Parallel convolutions have norms (SLaK, RepLKNet), and so has every one in RepLKNet's block. */
function isNormed({ block }: Network, mixer: Mixer): boolean {
  return block.type === "replknet" || mixer.branch !== false || mixer.type === "stripes";
}

/**
 * The stages of a network at an image size, by default its own.
 *
 * @throws FoveaError FOV0021 where a map would be empty, FOV0013 where no channel is convolved.
 */
export function stageShapes(
  network: Network,
  size: SizeLike = network.input.size,
): readonly StageShape[] {
  const image = toSize(size);
  const maps = stageMaps(network, image);
  return network.mixers.map((mixer, index) => {
    const map = maps[index] ?? [0, 0];
    if (Math.min(...map) < 1) throw emptyMap(network, image, index);
    const channels = widenedChannels(network.widths[index] ?? 0, network.widen);
    const mixed = mixedChannels(network.block, channels);
    const convolved = convolvedChannels(mixer.partial, mixed);
    if (convolved < 1) {
      throw new FoveaError({
        code: "FOV0013",
        message: `a share of ${mixer.partial} of ${mixed} channels leaves none to convolve`,
        path: `mixers[${index}].partial`,
        value: mixer.partial,
        allowed: `at least 1/${mixed} for this stage`,
        fix: "raise the share or widen the stage",
      });
    }
    return {
      index,
      depth: network.depths[index] ?? 0,
      channels,
      mixed,
      convolved,
      map,
      mixer,
      normed: isNormed(network, mixer),
      kernel: mixerKernel(mixer),
      grids: mixerGrids(mixer),
    };
  });
}

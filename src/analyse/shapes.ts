import {
  FoveaError,
  type GridPair,
  type Mixer,
  type Network,
  type Size,
  type SizeLike,
  toSize,
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
  /** Channels that are convolved, the first ones; the rest passes. */
  readonly convolved: number;
  /** Feature map, `[height, width]` in pixels. */
  readonly map: Size;
  readonly mixer: Mixer;
  /** Kernel, `[height, width]` in taps; of stripes, their long sides. */
  readonly kernel: Size;
  /** One pair of grids a large kernel: one, or two of stripes. */
  readonly grids: readonly GridPair[];
}

/** `int(width · widen)`, as SLaK's authors round. */
function widened(network: Network, stage: number): number {
  return Math.floor((network.widths[stage] ?? 0) * network.widen);
}

/**
 * Channels that a partial convolution takes (PeLK, section 3.4; its rounding is not published).
 * The small term keeps a share such as 0.7 of 10 channels from losing one to binary fractions.
 */
function convolvedChannels(mixer: Mixer, channels: number): number {
  return Math.floor(mixer.partial * channels + 1e-9);
}

function emptyMap(network: Network, size: Size, stage: number): FoveaError {
  const least = network.stem.stride * network.downsample.stride ** (network.depths.length - 1);
  const image = size.join("×");
  return new FoveaError({
    code: "FOV0021",
    message: `an image of ${image} pixels leaves stage ${stage} of ${network.name} an empty feature map`,
    path: "input.size",
    value: image,
    allowed: `at least ${least} pixels a side`,
    fix: "use a larger image, fewer stages or smaller strides",
  });
}

/**
 * The stages of a network at an image size, by default its own. Stem and downsampling do not
 * overlap and do not pad: a map's side is `floor(side / stride)`.
 *
 * @throws FoveaError FOV0021 where a map would be empty, FOV0013 where no channel is convolved.
 */
export function stageShapes(
  network: Network,
  size: SizeLike = network.input.size,
): readonly StageShape[] {
  const image = toSize(size);
  let map = image;
  return network.mixers.map((mixer, index) => {
    const { stride } = index === 0 ? network.stem : network.downsample;
    map = [Math.floor(map[0] / stride), Math.floor(map[1] / stride)];
    if (map[0] < 1 || map[1] < 1) throw emptyMap(network, image, index);
    const channels = widened(network, index);
    const convolved = convolvedChannels(mixer, channels);
    if (convolved < 1) {
      throw new FoveaError({
        code: "FOV0013",
        message: `a share of ${mixer.partial} of ${channels} channels leaves none to convolve`,
        path: `mixers[${index}].partial`,
        value: mixer.partial,
        allowed: `at least 1/${channels} for this stage`,
        fix: "raise the share or widen the stage",
      });
    }
    return {
      index,
      depth: network.depths[index] ?? 0,
      channels,
      convolved,
      map,
      mixer,
      kernel: mixerKernel(mixer),
      grids: mixerGrids(mixer),
    };
  });
}

import type { Size } from "./grid.js";
import type { Network } from "./network.js";

/** Channels of a stage: `int(width · widen)`, as SLaK's authors round. */
export function widenedChannels(width: number, widen: number): number {
  return Math.floor(width * widen);
}

/**
 * Channels that a partial convolution takes (PeLK, section 3.4; its rounding is not published).
 * The small term keeps a share such as 0.7 of 10 channels from losing one to binary fractions.
 */
export function convolvedChannels(partial: number, channels: number): number {
  return Math.floor(partial * channels + 1e-9);
}

/** What maps depend on. */
type Strides = Pick<Network, "stem" | "downsample" | "depths">;

/**
 * The feature map of each stage, `[height, width]` in pixels, for an image. Stem and downsampling
 * do not overlap and do not pad: a map's side is `floor(side / stride)`, which may be 0.
 */
export function stageMaps({ stem, downsample, depths }: Strides, image: Size): readonly Size[] {
  let map = image;
  return depths.map((_, stage): Size => {
    const { stride } = stage === 0 ? stem : downsample;
    map = [Math.floor(map[0] / stride), Math.floor(map[1] / stride)];
    return map;
  });
}

/** Least side of an image that leaves every stage a pixel. */
export function leastSide({ stem, downsample, depths }: Strides): number {
  return stem.stride * downsample.stride ** (depths.length - 1);
}

import type { Size } from "./grid.js";
import type { Network } from "./network.js";
import { type Downsample, reducedMap, type Stem, strideOf } from "./reduction.js";

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

/** The feature map of each stage, `[height, width]` in pixels, for an image; a side may be 0. */
export function stageMaps({ stem, downsample, depths }: Strides, image: Size): readonly Size[] {
  let map = image;
  return depths.map((_, stage): Size => {
    map = reducedMap(stage === 0 ? stem : downsample, map);
    return map;
  });
}

/** Least side of an image that leaves every stage a pixel. */
export function leastSide({ stem, downsample, depths }: Strides): number {
  const least = (reduction: Stem | Downsample) =>
    reduction.type === "patchify" ? reduction.stride : 1;
  return least(stem) * least(downsample) ** (depths.length - 1);
}

/** Pixels of an image's side over those of a stage's map. */
export function stageStride({ stem, downsample }: Omit<Strides, "depths">, stage: number): number {
  return strideOf(stem) * strideOf(downsample) ** stage;
}

/** Pixels of an image's side over those of the last map's. */
export function totalStride(strides: Strides): number {
  return stageStride(strides, strides.depths.length - 1);
}

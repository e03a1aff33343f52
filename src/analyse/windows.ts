import type { Network, Size } from "../ir/index.js";
import { kernelSize } from "./grid.js";
import type { StageShape } from "./shapes.js";

/** A convolution as the receptive field sees it, along one axis or `times` in a row. */
export interface Window {
  /** `[height, width]` in taps. */
  readonly kernel: Size;
  readonly stride: number;
  /** Zeros on each side, `[height, width]`. */
  readonly padding: Size;
  readonly times: number;
}

/** Patches do not overlap and do not pad. */
const patches = (stride: number): Window => ({
  kernel: [stride, stride],
  stride,
  padding: [0, 0],
  times: 1,
});

/** An odd kernel of stride 1 that keeps the map's size. */
const same = (kernel: Size, times: number): Window => ({
  kernel,
  stride: 1,
  padding: [(kernel[0] - 1) / 2, (kernel[1] - 1) / 2],
  times,
});

/** A padded 3×3 convolution of stride 2. */
const HALVING: Window = { kernel: [3, 3], stride: 2, padding: [1, 1], times: 1 };

/** The convolutions of the stem that see more than a pixel, from the image on. */
export function stemWindows({ stem }: Network): readonly Window[] {
  return stem.type === "patchify" ? [patches(stem.stride)] : [HALVING, same([3, 3], 1), HALVING];
}

/** The convolutions between two stages that see more than a pixel. */
export function downsampleWindows({ downsample }: Network): readonly Window[] {
  return downsample.type === "patchify" ? [patches(downsample.stride)] : [HALVING];
}

/**
 * The blocks of a stage: of parallel kernels the largest side along each axis. The union of two
 * stripes is a cross, and this is its height and its width.
 */
export function blockWindows({ grids, mixer, depth }: StageShape): readonly Window[] {
  const kernels = grids.map(kernelSize);
  const branch = mixer.branch === false ? 1 : mixer.branch;
  const side = (axis: 0 | 1) => Math.max(branch, ...kernels.map((kernel) => kernel[axis]));
  return [same([side(0), side(1)], depth)];
}

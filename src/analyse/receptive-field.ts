import type { Network, Size } from "../ir/index.js";
import type { StageShape } from "./shapes.js";
import { blockWindows, downsampleWindows, stemWindows, type Window } from "./windows.js";

/** What a unit of a feature map can depend on, in pixels of the image. */
export interface ReceptiveField {
  /** `[height, width]` by kernels and strides alone, however small the image is. */
  readonly size: Size;
  /** Pixels between the fields of neighbouring units. */
  readonly stride: number;
  /** `[height, width]` of the part inside the image that the middle unit sees. */
  readonly within: Size;
  /** Which units see from edge to edge of the image, along both axes. */
  readonly spans: "none" | "middle" | "every";
}

/** First and last index, both included. */
type Interval = readonly [first: number, last: number];

const AXES = [0, 1] as const;
type Axis = (typeof AXES)[number];

const pair = (each: (axis: Axis) => number): Size => [each(0), each(1)];

/** Side of the map behind each window, the image's in front. */
function mapSides(windows: readonly Window[], image: number, axis: Axis): number[] {
  const sides = [image];
  for (const { kernel, stride, padding } of windows) {
    const side = (sides.at(-1) ?? 0) + 2 * padding[axis] - kernel[axis];
    sides.push(Math.floor(side / stride) + 1);
  }
  return sides;
}

/** The pixels that a unit of the last map sees: from map to map back to the image. */
function seenBy(
  unit: number,
  windows: readonly Window[],
  sides: readonly number[],
  axis: Axis,
): Interval {
  let [first, last]: Interval = [unit, unit];
  for (let index = windows.length - 1; index >= 0; index -= 1) {
    const window = windows[index];
    if (window === undefined) continue;
    const { kernel, stride, padding, times } = window;
    // Windows that repeat have stride 1 and keep the map: their margins add up.
    const [before, after] = [times * padding[axis], times * (kernel[axis] - 1 - padding[axis])];
    first = Math.max(0, first * stride - before);
    last = Math.min((sides[index] ?? 0) - 1, last * stride + after);
  }
  return [first, last];
}

/** The field behind a path of convolutions, by the recursion over kernels and strides. */
function fieldOf(windows: readonly Window[], image: Size): ReceptiveField {
  const size: [number, number] = [1, 1];
  let jump = 1;
  for (const { kernel, stride, times } of windows) {
    for (const axis of AXES) size[axis] += times * (kernel[axis] - 1) * jump;
    jump *= stride;
  }
  const seen = AXES.map((axis) => {
    const sides = mapSides(windows, image[axis], axis);
    const units = sides.at(-1) ?? 0;
    const by = (unit: number): Interval => seenBy(unit, windows, sides, axis);
    const [first, middle, last] = [by(0), by(Math.floor((units - 1) / 2)), by(units - 1)];
    // Pixels that no patch takes are seen by no unit, and not missed by any.
    const whole = ([from, to]: Interval): boolean => from === first[0] && to === last[1];
    return {
      within: middle[1] - middle[0] + 1,
      middle: whole(middle),
      every: whole(first) && whole(last),
    };
  });
  const all = (key: "middle" | "every"): boolean => seen.every((axis) => axis[key]);
  return {
    size,
    stride: jump,
    within: pair((axis) => seen[axis]?.within ?? 0),
    spans: all("every") ? "every" : all("middle") ? "middle" : "none",
  };
}

/**
 * The theoretical receptive field behind the last block of each stage. Global pooling in the head
 * sees everything, and is not part of it. For stripes, whose field is a cross in the first block
 * and rounder in later ones, sides are those of the smallest rectangle around it.
 */
export function receptiveFields(
  network: Network,
  stages: readonly StageShape[],
  image: Size,
): readonly ReceptiveField[] {
  const windows: Window[] = [];
  return stages.map((stage, index) => {
    windows.push(...(index === 0 ? stemWindows(network) : downsampleWindows(network)));
    windows.push(...blockWindows(stage));
    return fieldOf(windows, image);
  });
}

import { expect, test } from "vitest";
import {
  convolvedChannels,
  leastSide,
  stageMaps,
  totalStride,
  widenedChannels,
} from "../../src/ir/shape.js";

const patchify = (stride: number) => ({ type: "patchify" as const, stride });
const PELK = { stem: patchify(4), downsample: patchify(2), depths: [3, 3, 9, 3] };

test("maps of ConvNeXt's strides", () => {
  expect(stageMaps(PELK, [224, 224])).toEqual([
    [56, 56],
    [28, 28],
    [14, 14],
    [7, 7],
  ]);
  expect(stageMaps(PELK, [63, 35]).at(-1)).toEqual([1, 1]);
});

test("the least side leaves a pixel, and one less leaves none", () => {
  const least = leastSide(PELK);
  expect(least).toBe(32);
  expect(stageMaps(PELK, [least, least]).at(-1)).toEqual([1, 1]);
  expect(stageMaps(PELK, [least, least - 1]).at(-1)).toEqual([1, 0]);
});

test("channels are rounded down, and a share loses none to binary fractions", () => {
  expect([96, 192, 384, 768].map((width) => widenedChannels(width, 1.3))).toEqual([
    124, 249, 499, 998,
  ]);
  expect(convolvedChannels(3 / 8, 124)).toBe(46);
  // 0.29 · 100 is 28.999999999999996.
  expect(convolvedChannels(0.29, 100)).toBe(29);
});

test("3×3 convolutions pad: what is left over makes a pixel", () => {
  const replknet = {
    stem: { type: "convolutional" as const },
    downsample: { type: "transition" as const },
    depths: [2, 2, 18, 2],
  };
  expect(stageMaps(replknet, [224, 225])).toEqual([
    [56, 57],
    [28, 29],
    [14, 15],
    [7, 8],
  ]);
  expect(leastSide(replknet)).toBe(1);
  expect(stageMaps(replknet, [1, 1]).at(-1)).toEqual([1, 1]);
  expect(totalStride(replknet)).toBe(32);
});

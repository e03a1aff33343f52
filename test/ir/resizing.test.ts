import { expect, test } from "vitest";
import { resizedMixer, sizeLike } from "../../src/ir/resizing.js";
import { dense, peripheral, stripes } from "../support/networks.js";

type Resizable = Parameters<typeof resizedMixer>[0];
const resized = (mixer: unknown, sizes: Parameters<typeof resizedMixer>[1]) =>
  resizedMixer(mixer as Resizable, sizes);

test("a kernel is written as one number where it is square, and nothing else changes", () => {
  expect(resized(peripheral(51), { kernel: [61, 61] })).toEqual(peripheral(61));
  expect(resized(dense(7), { kernel: [9, 7] })).toEqual(dense([9, 7]));
  expect(resized(stripes(51), { kernel: [31, 31], centre: 3 })).toEqual(stripes(31));
  expect(sizeLike([5, 5])).toBe(5);
});

test("the usual branch follows the centre, and another one stays", () => {
  const narrow = peripheral(51, { centre: 3, branch: false });
  expect(resized(peripheral(51), { centre: 3 })).toEqual(narrow);
  expect(resized(narrow, { centre: 7 })).toEqual(peripheral(51, { centre: 7 }));
  const own = peripheral(51, { branch: 3 });
  expect(resized(own, { centre: 3 })).toEqual({ ...own, centre: 3 });
  const none = peripheral(51, { branch: false });
  expect(resized(none, { centre: 7 })).toEqual({ ...none, centre: 7 });
});

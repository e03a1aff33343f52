import { expect, test } from "vitest";
import { peripheralCells } from "../../src/analyse/grid.js";
import { kernelName } from "../../src/plan/kernel-name.js";

const byRule = (kernel: number, centre: number, base = 2): number[] =>
  peripheralCells({ kernel, centre, base, remainder: "own" });
const ones = (side: number): number[] => new Array<number>(side).fill(1);

test.each([
  ["dense_7x7", ones(7), ones(7)],
  ["dense_51x5", ones(51), ones(5)],
  ["dense_1x1", [1], [1]],
  ["peripheral_51x51_c5", byRule(51, 5), byRule(51, 5)],
  ["peripheral_51x51_c1", byRule(51, 1), byRule(51, 1)],
  ["peripheral_101x101_c7", byRule(101, 7), byRule(101, 7)],
  ["peripheral_31x13_c3", byRule(31, 3), byRule(13, 3)],
])("%s", (name, rows, columns) => {
  expect(kernelName({ rows, columns })).toBe(name);
});

test.each([
  ["another base", byRule(51, 5, 3), byRule(51, 5, 3)],
  ["two centres", byRule(31, 3), byRule(31, 5)],
  ["an asymmetric grid", [2, 1, 1, 1], [1, 1, 1, 2]],
])("%s is named by its cells", (_, rows, columns) => {
  const name = kernelName({ rows, columns });
  expect(name).toMatch(/^grid_\d+x\d+_[0-9a-f]{8}$/);
  expect(kernelName({ rows, columns: [...columns, 1, 1] })).not.toBe(name);
  // Only the cells count, not what else an object holds.
  expect(kernelName({ rows, columns, other: 1 } as never)).toBe(name);
});

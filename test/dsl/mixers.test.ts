import { expect, test } from "vitest";
import { dense, grid, peripheral, stripes } from "../../src/dsl/index.js";

const plain = { partial: 1, embedding: false, branch: false };

test("peripheral: a branch of 5 where the centre holds it (contract, line 39)", () => {
  expect(peripheral({ kernel: 51, centre: 5 }).branch).toBe(5);
  expect(peripheral({ kernel: 51, centre: 7 }).branch).toBe(5);
  expect(peripheral({ kernel: 51, centre: 3 }).branch).toBe(false);
  expect(peripheral({ kernel: 51, centre: 3, branch: 5 }).branch).toBe(5);
  expect(peripheral({ kernel: 51, centre: 5, branch: false }).branch).toBe(false);
});

test("peripheral: rectangular, every option", () => {
  const options = {
    kernel: [51, 21],
    centre: 7,
    base: 3,
    remainder: "merge",
    partial: 1,
    embedding: "masked",
    branch: 7,
  } as const;
  expect(peripheral(options)).toEqual({ type: "peripheral", ...options });
});

test("dense", () => {
  expect(dense({ kernel: 7 })).toEqual({ type: "dense", kernel: 7, ...plain });
  expect(dense({ kernel: [1, 3], branch: 1 }).branch).toBe(1);
});

test("grid: cells stand for both axes", () => {
  const cells = [4, 2, 1, 1, 1, 2, 4];
  expect(grid({ cells })).toEqual({ type: "grid", rows: cells, columns: cells, ...plain });
  expect(grid({ rows: [1, 1, 1], columns: [5] })).toMatchObject({ rows: [1, 1, 1], columns: [5] });
  expect(grid({ cells: [1023] }).rows).toEqual([1023]);
});

test("stripes: a branch as wide as the stripes", () => {
  expect(stripes({ kernel: 51 })).toEqual({
    type: "stripes",
    kernel: 51,
    ...plain,
    width: 5,
    branch: 5,
  });
  expect(stripes({ kernel: [51, 49], width: 3 })).toMatchObject({ width: 3, branch: 3 });
});

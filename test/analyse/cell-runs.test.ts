import fc from "fast-check";
import { expect, test } from "vitest";
import { cellRuns } from "../../src/analyse/cell-runs.js";

test("neighbours of one size are one run", () => {
  expect(cellRuns([9, 8, 1, 1, 1, 8])).toEqual([
    { cell: 0, tap: 0, size: 9, count: 1 },
    { cell: 1, tap: 9, size: 8, count: 1 },
    { cell: 2, tap: 17, size: 1, count: 3 },
    { cell: 5, tap: 20, size: 8, count: 1 },
  ]);
  expect(cellRuns(new Array<number>(1023).fill(1))).toHaveLength(1);
});

test("runs give the cells back, each where it stands", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }), (cells) => {
      const runs = cellRuns(cells);
      expect(runs.flatMap(({ size, count }) => new Array<number>(count).fill(size))).toEqual(cells);
      for (const { cell, tap } of runs) {
        expect(cells.slice(0, cell).reduce((sum, size) => sum + size, 0)).toBe(tap);
      }
    }),
  );
});

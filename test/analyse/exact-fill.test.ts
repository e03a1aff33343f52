import { expect, test } from "vitest";
import { exactSides, exactSidesAround } from "../../src/analyse/exact-fill.js";
import { peripheralCells } from "../../src/analyse/grid.js";

/** By the definition: the cells outside the centre are `base`, `base²`, … and nothing else. */
function fills(side: number, centre: number, base: number): boolean {
  const cells = peripheralCells({ kernel: side, centre, base, remainder: "own" });
  const outer = cells.slice((cells.length + centre) / 2);
  return outer.every((cell, index) => cell === base ** (index + 1));
}

test.each([
  [1, 2],
  [5, 2],
  [7, 2],
  [5, 3],
  [9, 4],
])("exact sides around a centre of %i by base %i are those without a remainder", (centre, base) => {
  const found = exactSides(centre, base);
  for (let side = centre; side <= 1023; side += 2) {
    expect(found.includes(side), `${side}`).toBe(fills(side, centre, base));
  }
});

test("the nearest exact sides are named, and none for a side that fills", () => {
  expect(exactSidesAround(67, { centre: 5, base: 2 })).toEqual([65, 129]);
  expect(exactSidesAround(67, { centre: 7, base: 2 })).toEqual([]);
  expect(exactSidesAround(3, { centre: 5, base: 2 })).toEqual([]);
  expect(exactSidesAround(1001, { centre: 5, base: 2 })).toEqual([513]);
});

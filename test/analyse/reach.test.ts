import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisLength, peripheralCells } from "../../src/analyse/grid.js";
import { reach } from "../../src/analyse/reach.js";

const cellsOf = (kernel: number, centre = 5) =>
  peripheralCells({ kernel, centre, base: 2, remainder: "own" });

describe("reach", () => {
  // kernels.md, section 2: cells that reach.
  test.each([
    [51, 5, 56, 13],
    [49, 5, 28, 13],
    [47, 5, 14, 11],
    [13, 5, 7, 9],
    [101, 7, 96, 17],
    [101, 7, 128, 17],
  ])("kernel %i, centre %i on a map of %i: %i cells", (kernel, centre, side, count) => {
    expect(reach(cellsOf(kernel, centre), side).cells).toHaveLength(count);
  });

  test("47 taps on 14 pixels become 27, and the partly reachable cells keep 5 of 8", () => {
    expect(reach(cellsOf(47), 14)).toEqual({
      start: 1,
      cells: [5, 4, 2, 1, 1, 1, 1, 1, 2, 4, 5],
    });
  });

  test("a single pixel sees the middle tap alone", () => {
    expect(reach([3, 1, 3], 1)).toEqual({ start: 1, cells: [1] });
    expect(reach([5], 1)).toEqual({ start: 0, cells: [1] });
  });

  test("keeps the taps that meet data, tap by tap, whatever the cells", () => {
    const odd = fc
      .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 })
      .filter((cells) => axisLength(cells) % 2 === 1);
    fc.assert(
      fc.property(odd, fc.integer({ min: 1, max: 90 }), (cells, side) => {
        const zones = cells.flatMap((cell, zone) => new Array<number>(cell).fill(zone));
        const middle = (zones.length - 1) / 2;
        // A tap meets data if some output pixel sees an input pixel through it.
        const live = zones.filter((_, tap) =>
          Array.from({ length: side }, (_, pixel) => pixel + tap - middle).some(
            (pixel) => pixel >= 0 && pixel < side,
          ),
        );
        const cropped = reach(cells, side);
        const kept = cropped.cells.flatMap((cell, index) =>
          new Array<number>(cell).fill(cropped.start + index),
        );
        expect(kept).toEqual(live);
      }),
    );
  });
});

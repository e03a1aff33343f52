import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  axisLength,
  centralOnes,
  densePair,
  holdsBranch,
  isShared,
  kernelSize,
  mixerGrids,
  mixerKernel,
  peripheralCells,
  zoneCount,
} from "../../src/analyse/grid.js";
import { dense, grid, peripheral, stripes } from "../support/networks.js";

/** Mirrors a half grid, outermost cell first and the middle tap last. */
const mirror = (half: readonly number[]): number[] => [...half, ...half.slice(0, -1).toReversed()];

/** Every grid of facts.md, section 1: kernel, r_c, half grid, k', parameters, per cent of k². */
const PUBLISHED: [number, number, number[], number, number, string][] = [
  [5, 0, [2, 1], 3, 9, "36.0"],
  [31, 2, [7, 4, 2, 1, 1, 1], 11, 121, "12.6"],
  [51, 0, [11, 8, 4, 2, 1], 9, 81, "3.1"],
  [51, 1, [10, 8, 4, 2, 1, 1], 11, 121, "4.7"],
  [51, 2, [9, 8, 4, 2, 1, 1, 1], 13, 169, "6.5"],
  [51, 3, [8, 8, 4, 2, 1, 1, 1, 1], 15, 225, "8.7"],
  [49, 2, [8, 8, 4, 2, 1, 1, 1], 13, 169, "7.0"],
  [47, 2, [7, 8, 4, 2, 1, 1, 1], 13, 169, "7.7"],
  [13, 2, [2, 2, 1, 1, 1], 9, 81, "47.9"],
  [101, 3, [17, 16, 8, 4, 2, 1, 1, 1, 1], 17, 289, "2.8"],
  [69, 3, [1, 16, 8, 4, 2, 1, 1, 1, 1], 17, 289, "6.1"],
  [67, 3, [16, 8, 4, 2, 1, 1, 1, 1], 15, 225, "5.0"],
];

/** Table 5 of the paper, k = 33: half grid, k', share of 33². */
const TABLE_5: [number[], number, string][] = [
  [new Array<number>(17).fill(1), 33, "1.00"],
  [[2, 2, 2, 2, 2, 2, 2, 2, 1], 17, "0.27"],
  [[2, 2, 2, 2, 2, 2, 2, 1, 1, 1], 19, "0.33"],
  [[4, 4, 4, 2, 1, 1, 1], 13, "0.16"],
  [[8, 4, 2, 1, 1, 1], 11, "0.11"],
  [[1, 1, 2, 4, 8, 1], 11, "0.11"],
];

const axis = fc
  .record({
    radius: fc.integer({ min: 0, max: 511 }),
    centreRadius: fc.integer({ min: 0, max: 20 }),
    base: fc.integer({ min: 2, max: 9 }),
    remainder: fc.constantFrom("own" as const, "merge" as const),
  })
  .map(({ radius, centreRadius, ...rest }) => ({
    ...rest,
    kernel: 2 * radius + 1,
    centre: 2 * centreRadius + 1,
  }));

describe("published grids", () => {
  test.each(PUBLISHED)("k = %i, r_c = %i", (kernel, radius, half, side, parameters, percent) => {
    const mixer = peripheral(kernel, { centre: 2 * radius + 1, branch: false });
    const [pair] = mixerGrids(mixer);
    expect(pair).toEqual({ rows: mirror(half), columns: mirror(half) });
    expect(pair?.rows).toHaveLength(side);
    expect(zoneCount(pair ?? densePair([1, 1]))).toBe(parameters);
    expect(((100 * parameters) / kernel ** 2).toFixed(1)).toBe(percent);
  });

  test("69 with the remainder merged loses the cell of one tap", () => {
    const cells = peripheralCells({ kernel: 69, centre: 7, base: 2, remainder: "merge" });
    expect(cells).toEqual(mirror([17, 8, 4, 2, 1, 1, 1, 1]));
    expect(cells).toHaveLength(15);
  });

  test.each(TABLE_5)("table 5: %j", (half, side, share) => {
    const cells = mirror(half);
    const [pair] = mixerGrids(grid(cells, cells));
    expect(pair).toBeDefined();
    if (pair === undefined) return;
    expect(kernelSize(pair)).toEqual([33, 33]);
    expect(pair.rows).toHaveLength(side);
    expect((zoneCount(pair) / 33 ** 2).toFixed(2)).toBe(share);
  });

  test.each([
    [51, 4, "own", [3, 16, 4, 1, 1, 1]],
    [51, 4, "merge", [19, 4, 1, 1, 1]],
    [31, 3, "own", [1, 9, 3, 1, 1, 1]],
    // Filled exactly: nothing is left to merge.
    [33, 2, "merge", [8, 4, 2, 1, 1, 1]],
    [9, 2, "merge", [2, 1, 1, 1]],
    [7, 2, "own", [1, 1, 1, 1]],
    [7, 2, "merge", [1, 1, 1, 1]],
    [9, 1023, "merge", [2, 1, 1, 1]],
  ] as const)("k = %i by base %i, remainder %s", (kernel, base, remainder, half) => {
    expect(peripheralCells({ kernel, centre: 5, base, remainder })).toEqual(mirror(half));
  });
});

describe("the rule, for any axis", () => {
  test("cells are positive, sum to the kernel and mirror", () => {
    fc.assert(
      fc.property(axis, (rule) => {
        const cells = peripheralCells(rule);
        expect(axisLength(cells)).toBe(rule.kernel);
        expect(Math.min(...cells)).toBeGreaterThanOrEqual(1);
        expect(cells.toReversed()).toEqual(cells);
      }),
    );
  });

  test("the centre is ones, and a kernel within it is all ones", () => {
    fc.assert(
      fc.property(axis, (rule) => {
        const cells = peripheralCells(rule);
        const side = Math.min(rule.centre, rule.kernel);
        const first = (cells.length - side) / 2;
        expect(cells.slice(first, first + side)).toEqual(new Array(side).fill(1));
        if (rule.kernel <= rule.centre) expect(cells).toHaveLength(rule.kernel);
        expect(centralOnes(cells).count).toBeGreaterThanOrEqual(side);
      }),
    );
  });

  test("outside the centre cells are powers of the base, but for the outermost", () => {
    fc.assert(
      fc.property(axis, (rule) => {
        const cells = peripheralCells(rule);
        const middle = (cells.length - 1) / 2;
        const outwards = cells.slice(middle + (rule.centre + 1) / 2);
        outwards.slice(0, -1).forEach((cell, place) => {
          expect(cell).toBe(rule.base ** (place + 1));
        });
        const last = outwards.at(-1);
        const full = rule.base ** outwards.length;
        if (last === undefined) return;
        // Own: a power or less. Merged: a power and less than the next one's worth of taps.
        if (rule.remainder === "own") expect(last).toBeLessThanOrEqual(full);
        else if (outwards.length > 1) {
          expect(last).toBeGreaterThanOrEqual(full);
          expect(last).toBeLessThan(full + full * rule.base);
        }
      }),
    );
  });

  test("merging the remainder takes at most one cell a side, and never adds one", () => {
    fc.assert(
      fc.property(axis, (rule) => {
        const own = peripheralCells({ ...rule, remainder: "own" }).length;
        const merged = peripheralCells({ ...rule, remainder: "merge" }).length;
        expect([0, 2]).toContain(own - merged);
      }),
    );
  });

  test("zones hold the outer product of the cells, and all taps between them", () => {
    fc.assert(
      fc.property(axis, axis, (height, width) => {
        const pair = { rows: peripheralCells(height), columns: peripheralCells(width) };
        // The adjoint of expanding, applied to ones: walk over all taps and count.
        const zoneOf = (cells: readonly number[]) =>
          cells.flatMap((cell, zone) => new Array<number>(cell).fill(zone));
        const perRow = new Map<number, number>();
        for (const zone of zoneOf(pair.rows)) perRow.set(zone, (perRow.get(zone) ?? 0) + 1);
        const counts = [...perRow.values()].map((count) =>
          pair.columns.map((cell) => cell * count),
        );
        expect(counts).toEqual(pair.rows.map((row) => pair.columns.map((column) => row * column)));
        expect(counts).toHaveLength(pair.rows.length);
        expect(zoneCount(pair)).toBe(counts.flat().length);
        expect(counts.flat().reduce((sum, taps) => sum + taps, 0)).toBe(
          height.kernel * width.kernel,
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe("mixers as pairs of grids", () => {
  test("a rectangular kernel has a grid an axis, height first", () => {
    const mixer = peripheral([51, 13]);
    expect(mixerGrids(mixer)).toEqual([
      { rows: mirror([9, 8, 4, 2, 1, 1, 1]), columns: mirror([2, 2, 1, 1, 1]) },
    ]);
    expect(mixerKernel(mixer)).toEqual([51, 13]);
  });

  test("a side within the centre is not shared", () => {
    const [pair] = mixerGrids(peripheral([51, 3]));
    expect(pair?.columns).toEqual([1, 1, 1]);
    expect(pair?.rows).toHaveLength(13);
  });

  test("dense is ones; stripes are a tall and a wide pair of ones", () => {
    expect(mixerGrids(dense([3, 1]))).toEqual([{ rows: [1, 1, 1], columns: [1] }]);
    const pairs = mixerGrids(stripes([51, 49], { width: 3 }));
    expect(pairs.map(kernelSize)).toEqual([
      [51, 3],
      [3, 49],
    ]);
    expect(pairs.some(isShared)).toBe(false);
    expect(mixerKernel(stripes([51, 49]))).toEqual([51, 49]);
  });

  test("an explicit pair is taken as it is", () => {
    const mixer = grid([1, 2, 4], [3, 1, 3]);
    expect(mixerGrids(mixer)).toEqual([{ rows: [1, 2, 4], columns: [3, 1, 3] }]);
    expect(mixerKernel(mixer)).toEqual([7, 7]);
  });

  test("a pair is shared where some zone has two taps", () => {
    expect(isShared({ rows: [1, 1, 1], columns: [3] })).toBe(true);
    expect(isShared({ rows: [1, 1, 1], columns: [1] })).toBe(false);
  });
});

describe("the unshared centre", () => {
  test.each([
    [[9, 8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8, 9], 4, 5],
    [[1, 1, 1], 0, 3],
    [[1, 1, 2, 4, 8, 1, 8, 4, 2, 1, 1], 5, 1],
    [[2, 1, 2], 1, 1],
    [[1, 3, 1], 1, 0],
    // Ones on one side only: as many as both sides have.
    [[3, 1, 1, 1, 1, 1, 1, 2], 1, 5],
    [[2, 1, 1, 1, 1, 1, 1, 1], 1, 5],
  ])("%j begins at cell %i and has %i cells", (cells, start, count) => {
    expect(axisLength(cells) % 2).toBe(1);
    expect(centralOnes(cells)).toEqual({ start, count });
  });

  test("is found by brute force over the taps, whatever the cells", () => {
    const odd = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 15 })
      .filter((cells) => axisLength(cells) % 2 === 1);
    fc.assert(
      fc.property(odd, (cells) => {
        const widths = cells.flatMap((cell) => new Array<number>(cell).fill(cell));
        const middle = (widths.length - 1) / 2;
        let side = 0;
        for (let radius = 0; radius <= middle; radius += 1) {
          if (widths.slice(middle - radius, middle + radius + 1).some((width) => width > 1)) break;
          side = 2 * radius + 1;
        }
        const found = centralOnes(cells);
        expect(found.count).toBe(side);
        // Its first cell begins (side − 1) / 2 taps before the middle one.
        if (side > 0) {
          expect(axisLength(cells.slice(0, found.start))).toBe(middle - (side - 1) / 2);
        }
      }),
    );
  });

  test("holds a branch up to its own side on both axes", () => {
    const cells = [2, 1, 1, 1, 1, 1, 2];
    const pair = { rows: cells, columns: [1, 1, 1, 1, 1, 1, 1] };
    expect([3, 5, 7].map((side) => holdsBranch(pair, side))).toEqual([true, true, false]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisLength, ones, peripheralCells } from "../../src/analyse/grid.js";
import type { Size } from "../../src/ir/index.js";
import { boxOf, planBoxes } from "../../src/plan/triton/boxes.js";
import { loopOver, reachedRuns, segments } from "../../src/plan/triton/cells.js";
import { planChained } from "../../src/plan/triton/chained.js";
import { directTaps } from "../../src/plan/triton/direct.js";
import { chooseMethod } from "../../src/plan/triton/method.js";
import { planPlanes } from "../../src/plan/triton/planes.js";

const cells51 = peripheralCells({ kernel: 51, centre: 5, base: 2, remainder: "own" });
const pair51 = { rows: cells51, columns: cells51 };
const odd = fc
  .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 })
  .filter((cells) => axisLength(cells) % 2 === 1);
const side = fc.integer({ min: 1, max: 150 });

describe("chooseMethod", () => {
  const method = (map: Size, dtype: "half" | "float" = "half") =>
    chooseMethod(pair51, map, dtype).method;

  test("goes by the size of the map", () => {
    expect(method([7, 7])).toBe("gemm");
    expect(method([16, 16])).toBe("gemm");
    expect(method([3, 70])).toBe("gemm");
    expect(method([17, 16])).toBe("chained");
    expect(method([64, 64])).toBe("chained");
    expect(method([65, 16])).toBe("planes");
    expect(method([16, 65])).toBe("planes");
  });

  test("float32 has no planned products but on small maps", () => {
    expect(method([14, 14], "float")).toBe("gemm");
    expect(method([56, 56], "float")).toBe("general");
    expect(method([128, 128], "float")).toBe("general");
  });

  test("few taps are computed one by one, and many sizes of boxes are not written", () => {
    const five = { rows: ones(5), columns: ones(5) };
    expect(chooseMethod(five, [128, 128], "float").method).toBe("direct");
    const many = Array.from({ length: 14 }, (_, index) => index + 1);
    const cells = [...many, ...many.toReversed(), 1];
    expect(axisLength(cells) % 2).toBe(1);
    expect(chooseMethod({ rows: cells, columns: [1] }, [128, 8], "half").method).toBe("general");
  });
});

describe("reachedRuns", () => {
  test("names every tap in reach once, with its cell", () => {
    fc.assert(
      fc.property(odd, side, (cells, length) => {
        const kernel = axisLength(cells);
        const cellOf = cells.flatMap((size, cell) => new Array<number>(size).fill(cell));
        const radius = Math.min((kernel - 1) / 2, length - 1);
        const taps = reachedRuns(cells, length).flatMap(({ cell, count, first, size }) =>
          Array.from({ length: count * size }, (_, index) => ({
            tap: first + index,
            cell: cell + Math.floor(index / size),
          })),
        );
        expect(taps.map(({ tap }) => tap)).toEqual(
          Array.from({ length: 2 * radius + 1 }, (_, index) => index - radius),
        );
        for (const { tap, cell } of taps) expect(cellOf[tap + (kernel - 1) / 2]).toBe(cell);
      }),
    );
  });

  test("keeps the scale of a cell that is cut", () => {
    expect(reachedRuns([9, 1, 9], 5)).toEqual([
      { cell: 0, count: 1, first: -4, size: 4, scale: 16 },
      { cell: 1, count: 1, first: 0, size: 1, scale: 1 },
      { cell: 2, count: 1, first: 1, size: 4, scale: 16 },
    ]);
  });

  test("is cut into loops over rows that sum and rows that do not", () => {
    expect(segments(reachedRuns(cells51, 56))).toEqual([
      { loop: "range(4)", single: false },
      { loop: "range(4, 9)", single: true },
      { loop: "range(9, 13)", single: false },
    ]);
    expect(loopOver(reachedRuns(cells51, 7))).toBe("range(2, 11)");
  });
});

describe("planBoxes", () => {
  test("gives every size of cell a place of its own", () => {
    fc.assert(
      fc.property(odd, side, side, (cells, height, width) => {
        for (const axis of ["row", "column"] as const) {
          const length = axis === "row" ? height : width;
          const runs = reachedRuns(cells, length);
          const plan = planBoxes(axis, runs, [height, width]);
          const taken = new Map<number, number>();
          for (const run of runs) {
            const { start, begun } = boxOf(plan, run);
            expect(begun).toBe(length + run.size - 1);
            taken.set(start, begun);
          }
          const across = axis === "row" ? width : 1;
          let next = 0;
          for (const [start, begun] of [...taken].sort(([a], [b]) => a - b)) {
            expect(start).toBe(next);
            next += begun * across;
          }
          expect(plan.boxesSize).toBe(axis === "row" ? next : next * height);
        }
      }),
    );
  });
});

describe("planChained", () => {
  test("fills a tile of 64 rows with images", () => {
    const plan = (map: Size) => planChained(pair51, map);
    expect(plan([56, 56])).toMatchObject({ images: 1, lines: 64, imageLines: 64, columns: 64 });
    expect(plan([28, 28])).toMatchObject({ images: 2, lines: 64, imageLines: 32, columns: 32 });
    expect(plan([9, 33])).toMatchObject({ images: 4, lines: 64, imageLines: 16, columns: 64 });
    expect(plan([56, 56]).operandSize).toBe(13 * 64 * 64);
  });
});

describe("planPlanes", () => {
  test("leaves room for what a tile of columns reaches on both sides", () => {
    const plan = planPlanes(pair51, [128, 200]);
    expect(plan).toMatchObject({ tilesW: 4, columns: 64, margin: 32, span: 128, sums: true });
    expect(plan.gradient).toEqual({ paddedRows: 16, paddedColumns: 16 });
    const wide = { rows: ones(71), columns: ones(71) };
    expect(planPlanes(wide, [128, 128]).gradient).toBe(false);
  });
});

test("directTaps names each tap's weight", () => {
  expect(directTaps({ rows: [1, 2], columns: [1] })).toEqual([
    { zone: 0, row: -1, column: 0 },
    { zone: 1, row: 0, column: 0 },
    { zone: 1, row: 1, column: 0 },
  ]);
});

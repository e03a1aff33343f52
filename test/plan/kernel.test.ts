import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emitKernel, kernelHash } from "../../src/emit/kernel.js";
import { type GridPair, type Size, sha256 } from "../../src/ir/index.js";
import { planKernel } from "../../src/plan/kernel.js";

const PERIPHERAL_51 = [9, 8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8, 9];
const odd = fc
  .array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 40 })
  .filter((cells) => cells.reduce((sum, size) => sum + size, 0) % 2 === 1);

/** The value of an emitted tuple: Python's and JavaScript's syntax differ in `*` only. */
function readTuple(text: string): number[] {
  const repeated = /^\((\d+),\) \* (\d+)$/.exec(text);
  if (repeated) return new Array<number>(Number(repeated[2])).fill(Number(repeated[1]));
  return text
    .slice(1, -1)
    .replace(/\*\((\d+),\) \* (\d+)/g, (_, size, count) =>
      new Array(Number(count)).fill(size).join(", "),
    )
    .split(",")
    .filter((item) => item.trim() !== "")
    .map(Number);
}

describe("planKernel", () => {
  test("holds the counts of PeLK's default kernel", () => {
    expect(planKernel({ rows: PERIPHERAL_51, columns: PERIPHERAL_51 })).toMatchObject({
      name: "peripheral_51x51_c5",
      height: 51,
      width: 51,
      taps: 2601,
      zones: 169,
      rowCells: 13,
      paddedColumnCells: 16,
      middleRow: 25,
      middleColumn: 25,
      sharing: "Here 2601 taps share 169 weights a channel (6.50%).",
    });
  });

  test("a run's text finds the cell of each tap and the first tap of each cell", () => {
    fc.assert(
      fc.property(odd, (cells) => {
        const { firstRow, laterRowRuns } = planKernel({ rows: cells, columns: [1] });
        const runs = [firstRow, ...laterRowRuns];
        const evaluate = (text: string, names: Record<string, number>): number =>
          Function(
            ...Object.keys(names),
            `return Math.floor(${text.replace("//", "/")})`,
          )(...Object.values(names));
        let tap = 0;
        for (const [cell, size] of cells.entries()) {
          const run = runs.findLast((each) => each.cell <= cell);
          expect(evaluate(run?.tapOfRow ?? "", { row: cell })).toBe(tap);
          for (const each of [tap, tap + size - 1]) {
            expect(evaluate(run?.cellOfTap ?? "", { tap: each })).toBe(cell);
          }
          expect(Number(run?.scale)).toBeGreaterThanOrEqual(size);
          expect(Number(run?.scale)).toBeLessThan(2 * size);
          tap += size;
        }
      }),
    );
  });

  test("prints every grid as a Python tuple of its cells", () => {
    fc.assert(
      fc.property(odd, (cells) => {
        const { rows, columns } = planKernel({ rows: cells, columns: [...cells, 1, 1] });
        expect(readTuple(rows)).toEqual(cells);
        expect(readTuple(columns)).toEqual([...cells, 1, 1]);
      }),
    );
    expect(planKernel({ rows: [3], columns: [1] })).toMatchObject({
      rows: "(3,)",
      columns: "(1,)",
    });
    const wide = planKernel({ rows: new Array(51).fill(1), columns: [1] });
    expect(wide.rows).toBe("(1,) * 51");
  });
});

describe("an emitted kernel file", () => {
  const pair = { rows: [2, 1, 1, 3], columns: [1, 2, 4] };
  const emit = (maps: Size[], grids: GridPair = pair): string =>
    emitKernel({ pair: grids, maps }, { command: "test" }).text;

  test("names its operators by its own code", () => {
    const text = emit([]);
    const code = text.slice(text.indexOf('"""'));
    const digest = /^_OPERATOR = "grid_7x7_[0-9a-f]{8}_([0-9a-f]{8})"$/m.exec(code)?.[1] ?? "";
    expect(sha256(code.replaceAll(digest, "00000000")).slice(0, 8)).toBe(digest);
    expect(kernelHash({ pair, maps: [] })).toBe(sha256(code));
  });

  test("is hardly longer for a thousand cells than for a few, whatever is planned", () => {
    const maps: Size[] = [
      [56, 56],
      [7, 7],
      [128, 128],
    ];
    const lines = (side: number): number => {
      const cells = new Array<number>(side).fill(1);
      const grids = { rows: cells, columns: cells };
      return emit(maps, grids).split("\n").length;
    };
    expect(lines(1023)).toBeLessThan(lines(7) + 40);
  });

  test("has the kernels that its maps take, and no others", () => {
    const kernels = (maps: Size[]): string[] =>
      [...emit(maps).matchAll(/def (_\w+_kernel)\(/g)].map(([, name]) => name ?? "");
    const general = ["_convolve_kernel", "_weight_gradient_kernel"];
    expect(kernels([])).toEqual(general);
    expect(kernels([[14, 14]])).toEqual([
      ...general,
      "_gemm_kernel",
      "_weight_gradient_14x14_kernel",
    ]);
    const planes: Size[] = [
      [56, 48],
      [28, 28],
    ];
    expect(kernels(planes)).toEqual([
      ...general,
      "_toeplitz_kernel",
      "_chained_56x48_kernel",
      "_chained_28x28_kernel",
      "_weight_gradient_56x48_kernel",
      "_weight_gradient_28x28_kernel",
    ]);
    expect(kernels([[128, 96]])).toEqual([
      ...general,
      "_toeplitz_kernel",
      "_row_boxes_128x96_kernel",
      "_planes_128x96_kernel",
      "_column_boxes_128x96_kernel",
      "_planes_gradient_128x96_kernel",
    ]);
  });

  test("says which maps it is planned for", () => {
    expect(emit([])).toContain("\nMAPS: tuple[tuple[int, int], ...] = ()\n");
    expect(emit([[56, 48]])).toContain("\nMAPS: tuple[tuple[int, int], ...] = ((56, 48),)\n");
    expect(emit([[56, 48]])).toContain('(56, 48): ("chained", "general")');
  });
});

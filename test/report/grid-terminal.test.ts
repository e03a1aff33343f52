import { describe, expect, test } from "vitest";
import { densePair, peripheralCells } from "../../src/analyse/grid.js";
import type { GridPair } from "../../src/ir/index.js";
import { drawGrid } from "../../src/report/grid-terminal.js";

const square = (kernel: number, centre = 5): GridPair => {
  const cells = peripheralCells({ kernel, centre, base: 2, remainder: "own" });
  return { rows: cells, columns: cells };
};
const plain = (pair: GridPair) => drawGrid(pair, { color: false });

/** Reads the picture back: a boolean a dot, two rows of dots a line. */
function dots(drawing: string, width: number): boolean[][] {
  const picture = drawing.slice(0, drawing.indexOf("\n\nkernel ")).split("\n");
  return picture.flatMap((line) => {
    const glyphs = [...line.slice(2).padEnd(width)];
    return [
      glyphs.map((glyph) => "▀█".includes(glyph)),
      glyphs.map((glyph) => "▄█".includes(glyph)),
    ];
  });
}

describe("the picture", () => {
  test("of a small grid", () => {
    expect(plain({ rows: [2, 1, 2], columns: [4, 1, 2] })).toBe(
      [
        // Magnified four times: 16 dots wide, ten lines of two.
        ...new Array(4).fill("  ████████████████    ████████"),
        ...new Array(2).fill("                  ████"),
        ...new Array(4).fill("  ████████████████    ████████"),
        "",
        "kernel   5×7",
        "rows     2 1 2",
        "columns  4 1 2",
        "zones    3×3",
        "weights  9 a channel in place of 35 (25.7%)",
      ].join("\n"),
    );
  });

  test("has a dot a tap for 51×51, neighbouring zones apart", () => {
    const pair = square(51);
    const drawn = dots(plain(pair), 51);
    const zoneOf = pair.rows.flatMap((cell, zone) => new Array<number>(cell).fill(zone));
    zoneOf.forEach((row, y) => {
      zoneOf.forEach((column, x) => {
        expect(drawn[y]?.[x]).toBe((row + column) % 2 === 0);
      });
    });
    expect(drawn[51]?.some(Boolean)).toBe(false);
  });

  test.each([1, 5, 13, 51, 75, 77, 101, 151, 333, 1023])("of %i taps fits 80 columns", (kernel) => {
    const pair = square(kernel, Math.min(kernel, 5));
    for (const line of plain(pair).split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
  });

  test("says when it is not to scale", () => {
    expect(plain(square(101, 7))).toContain("drawn narrower");
    expect(plain(square(75))).not.toContain("drawn narrower");
  });

  test("of a scaled grid keeps every zone", () => {
    const drawn = dots(plain(square(101, 7)).replace(/\n.*narrower.*/, ""), 76);
    const changes = (line: readonly boolean[]) =>
      line.filter((dot, at) => at > 0 && dot !== line[at - 1]).length;
    const middle = drawn[Math.floor(drawn.length / 2)] ?? [];
    expect(changes(middle.slice(0, middle.lastIndexOf(true) + 1))).toBeGreaterThanOrEqual(15);
  });

  test("of too many zones names --svg", () => {
    expect(plain(densePair([101, 101]))).toContain("--svg");
    expect(plain(densePair([101, 101]))).toContain("1×101");
  });
});

describe("colour", () => {
  test("is reset at the end of every line and follows zone sizes", () => {
    const drawing = drawGrid(square(51), { color: true });
    const picture = drawing.slice(0, drawing.indexOf("\n\nkernel ")).split("\n");
    expect(picture).toHaveLength(26);
    for (const line of picture) expect(line.endsWith("\u001b[0m")).toBe(true);
    const colors = new Set(drawing.match(/38;5;\d+/g));
    expect(colors.size).toBeGreaterThan(5);
    // The odd last row has no lower half.
    expect(picture.at(-1)).toContain(";49m");
  });

  test("tells neighbouring zones apart", () => {
    for (const pair of [square(51), square(101, 7), square(13), square(333)]) {
      const drawing = drawGrid(pair, { color: true });
      const rows = new Set(
        drawing
          .slice(0, drawing.indexOf("\n\nkernel "))
          .split("\n")
          .filter((line) => line.includes("\u001b")),
      );
      for (const line of rows) {
        // A new colour at every border between columns.
        expect(line.split("\u001b[38;5;")).toHaveLength(1 + pair.columns.length);
      }
    }
  });

  test("is in the picture alone", () => {
    const drawing = drawGrid(square(13), { color: true });
    expect(drawing.slice(drawing.indexOf("\n\nkernel "))).not.toContain("\u001b");
  });
});

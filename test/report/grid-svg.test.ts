import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { axisLength, densePair, peripheralCells } from "../../src/analyse/grid.js";
import type { GridPair } from "../../src/ir/index.js";
import { gridSvg } from "../../src/report/grid-svg.js";

const square = (kernel: number, centre = 5): GridPair => {
  const cells = peripheralCells({ kernel, centre, base: 2, remainder: "own" });
  return { rows: cells, columns: cells };
};
const parse = (text: string) => parseHTML(`<html><body>${text}</body></html>`).document;
interface WithAttributes {
  getAttribute(name: string): string | null;
}
const attribute = (element: WithAttributes, name: string): number =>
  Number(element.getAttribute(name));

test("the README's picture is what the project draws", () => {
  const file = new URL("../../docs/images/sharing-grid-51.svg", import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(gridSvg(square(51)));
});

describe("the picture", () => {
  const text = gridSvg(square(51));
  const document = parse(text);

  test("is one self-contained document with a title and a description", () => {
    expect(text.startsWith("<svg xmlns=")).toBe(true);
    expect(text).not.toMatch(/href|<script|url\((?!#)/);
    const svg = document.querySelector("svg");
    expect(svg?.getAttribute("role")).toBe("img");
    for (const id of svg?.getAttribute("aria-labelledby")?.split(" ") ?? []) {
      expect(document.getElementById(id)?.textContent).toBeTruthy();
    }
    expect(document.querySelector("title")?.textContent).toBe("51×51 sharing grid");
    expect(document.querySelector("desc")?.textContent).toContain("9 8 4 2 1×5 2 4 8 9");
    expect(document.querySelector("desc")?.textContent).toContain("169 parameters a channel");
  });

  test("follows light and dark pages", () => {
    expect(text).toContain("@media (prefers-color-scheme: dark)");
  });

  test("labels the cells along both axes", () => {
    const labels = [...document.querySelectorAll("g g text")].map((each) => each.textContent);
    const axis = ["9", "8", "4", "2", "5 × 1", "2", "4", "8", "9"];
    expect(labels).toEqual([...axis, ...axis]);
  });

  test("tints larger zones otherwise than smaller ones", () => {
    const fills = [...document.querySelectorAll("g > rect[fill^='#']")];
    const byTitle = new Map(
      fills.map((rect) => [rect.querySelector("title")?.textContent, rect.getAttribute("fill")]),
    );
    expect(byTitle.get("one parameter a tap")).toBe("#ffd166");
    expect(byTitle.get("one parameter for 9×9 taps")).toBe("#3a489e");
    expect(new Set(byTitle.values()).size).toBeGreaterThan(8);
  });
});

test("tiles cover the kernel exactly, whatever the cells", () => {
  const cells = fc
    .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 15 })
    .filter((list) => axisLength(list) % 2 === 1);
  fc.assert(
    fc.property(cells, cells, (rows, columns) => {
      const text = gridSvg({ rows, columns });
      expect(gridSvg({ columns: [...columns], rows: [...rows] })).toBe(text);
      const document = parse(text);
      const tiles = [...document.querySelectorAll("g > rect[fill^='#']")];
      const pixels = Math.min(
        48,
        Math.floor(510 / Math.max(axisLength(rows), axisLength(columns))),
      );
      const area = tiles.reduce(
        (sum, tile) => sum + attribute(tile, "width") * attribute(tile, "height"),
        0,
      );
      expect(area).toBe(axisLength(rows) * axisLength(columns) * pixels ** 2);
      // A line between every two cells.
      const lines = document.querySelector("path.lines")?.getAttribute("d") ?? "";
      expect(lines.match(/M/g)?.length ?? 0).toBe(rows.length + columns.length - 2);
    }),
    { numRuns: 50 },
  );
});

test("the largest dense kernel stays small", () => {
  const text = gridSvg(densePair([1023, 1023]));
  expect(text.length).toBeLessThan(40_000);
  expect(text).toContain("none shared");
});

test("two grids on one page share no id", () => {
  const ids = [square(51), square(31)].flatMap((pair) => [
    ...gridSvg(pair).matchAll(/ id="([^"]+)"/g),
  ]);
  expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
});

import { expect, test } from "vitest";
import { terminalPlot } from "../../../src/report/explore/terminal-plot.js";

const plot = (points: readonly (readonly [x: number, y: number, mark: string])[]): string[] =>
  terminalPlot(
    points.map(([x, y, mark]) => ({ x, y, mark })),
    (y) => `${y} us`,
  ).split("\n");

test("the corners of the drawing are the least and the most, and y starts at 0", () => {
  const lines = plot([
    [31, 0, "a"],
    [91, 55, "m"],
    [151, 110, "z"],
  ]);
  expect(lines).toHaveLength(14);
  expect(lines[0]).toBe(`110 us │${" ".repeat(63)}z`);
  expect(lines[11]).toBe("     0 │a");
  // 55 is half of the way up 12 rows, 91 half of the way across 64 places.
  expect(lines[5]).toBe(`       │${" ".repeat(32)}m`);
  expect(lines[13]).toBe(`        31${" ".repeat(59)}151`);
  for (const line of lines) expect(line.length).toBeLessThan(80);
});

test("a single point, and times of zero, are drawn too; of two in one place the later is seen", () => {
  expect(plot([[7, 5, "a"]])[0]).toBe("5 us │a");
  const flat = plot([
    [7, 0, "a"],
    [7, 0, "B"],
  ]);
  expect(flat[11]).toBe("   0 │B");
  expect(flat.at(-1)).toBe("      7");
});

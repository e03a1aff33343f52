import { expect, test } from "vitest";
import { meanCurve } from "../../../src/report/charts/mean-curve.js";
import { Curve } from "../../../src/report/curve.js";

function curve(values: Readonly<Record<number, number>>): Curve {
  const made = new Curve();
  for (const [x, y] of Object.entries(values)) made.add(Number(x), y);
  return made;
}

test("at the steps that were measured, with the sample standard deviation", () => {
  expect(meanCurve([curve({ 1: 1, 2: 10 }), curve({ 1: 3, 2: 10, 3: 5 })])).toEqual([
    { x: 1, mean: 2, std: Math.SQRT2 },
    { x: 2, mean: 10, std: 0 },
    { x: 3, mean: 5, std: 0 },
  ]);
  expect(meanCurve([new Curve()])).toEqual([]);
});

test("over stretches of steps where there are many: nothing is counted twice or left out", () => {
  const long = new Curve();
  for (let x = 1; x <= 1000; x += 1) long.add(x, x);
  const means = meanCurve([long, long], 10);
  expect(means).toHaveLength(10);
  expect(means.every(({ std }) => std === 0)).toBe(true);
  // Equal steps, equal stretches: the mean of the means is that of all, but for the last one's end.
  expect(means.reduce((sum, { mean }) => sum + mean, 0) / 10).toBeCloseTo(500.5, 0);
  expect(means.map(({ mean }) => mean)).toEqual(
    means.map(({ mean }) => mean).sort((a, b) => a - b),
  );
});

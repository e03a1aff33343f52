import fc from "fast-check";
import { expect, test } from "vitest";
import { Curve } from "../../src/report/curve.js";

function curveOf(values: readonly (number | null)[]): Curve {
  const curve = new Curve();
  values.forEach((value, index) => {
    curve.add(index + 1, value);
  });
  return curve;
}

test("few points are all kept; one that is not finite leaves a gap", () => {
  expect(curveOf([3, null, 1]).points()).toEqual([
    { x: 1, y: 3 },
    { x: 3, y: 1 },
  ]);
});

test("many are thinned out, in order, and the extremes stay", () => {
  const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
    minLength: 1,
    maxLength: 500,
  });
  fc.assert(
    fc.property(numbers, (values) => {
      const points = curveOf(values).points(40);
      const ys = points.map(({ y }) => y);
      expect(points.length).toBeLessThanOrEqual(43);
      expect(Math.min(...ys)).toBe(Math.min(...values));
      expect(Math.max(...ys)).toBe(Math.max(...values));
      expect(points.at(-1)).toEqual({ x: values.length, y: values.at(-1) });
      expect(points.every(({ x, y }) => values[x - 1] === y)).toBe(true);
      const xs = points.map(({ x }) => x);
      expect(xs).toEqual([...new Set(xs)].sort((a, b) => a - b));
    }),
  );
});

test("what a resumed run measures again is dropped", () => {
  const curve = curveOf([9, 8, 7, 6]);
  curve.forgetAfter(2);
  curve.add(3, 1);
  expect(curve.points().map(({ y }) => y)).toEqual([9, 8, 1]);
});

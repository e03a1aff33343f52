import fc from "fast-check";
import { expect, test } from "vitest";
import { paretoFront } from "../../../src/report/charts/pareto-front.js";

const point = fc.record({
  cost: fc.integer({ min: 0, max: 9 }),
  score: fc.integer({ min: 0, max: 9 }),
});

test("exactly those that no other beats", () => {
  fc.assert(
    fc.property(fc.array(point), fc.constantFrom("higher", "lower"), (points, better) => {
      const sign = better === "higher" ? 1 : -1;
      const beats = (a: (typeof points)[0], b: (typeof points)[0]): boolean =>
        a.cost <= b.cost &&
        sign * a.score >= sign * b.score &&
        (a.cost < b.cost || sign * a.score > sign * b.score);
      const front = points.filter((each) => !points.some((other) => beats(other, each)));
      expect(new Set(paretoFront(points, better))).toEqual(new Set(front));
    }),
  );
});

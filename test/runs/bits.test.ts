import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBits } from "../../src/runs/bits.js";

/** The next float32 above a value. */
function next(value: number): number {
  const bits = new Int32Array(1);
  const floats = new Float32Array(bits.buffer);
  floats[0] = value;
  bits[0] = (bits[0] ?? 0) + (value < 0 ? -1 : 1);
  return floats[0] ?? Number.NaN;
}

test("equal bits are no difference; what is not finite is told apart from what is", () => {
  expect(compareBits(0.1, 0.1)).toBeNull();
  expect(compareBits(null, null)).toBeNull();
  expect(compareBits(0, -0)).toMatchObject({ difference: -0, ulps: 0 });
  expect(compareBits(null, 1)).toEqual({
    a: null,
    b: 1,
    difference: null,
    ulps: null,
    ulpType: null,
  });
});

test("neighbours are one step apart, over zero too", () => {
  expect(compareBits(1, 1 + 2 ** -23)).toMatchObject({ ulps: 1, ulpType: "float32" });
  expect(compareBits(1, 1 + 2 ** -52)).toMatchObject({ ulps: 1, ulpType: "float64" });
  expect(compareBits(-(2 ** -149), 2 ** -149)).toMatchObject({ ulps: 2, ulpType: "float32" });
  expect(compareBits(-Number.MIN_VALUE, Number.MIN_VALUE)).toMatchObject({ ulps: 2 });
  fc.assert(
    fc.property(
      fc.float({
        noNaN: true,
        noDefaultInfinity: true,
        min: Math.fround(-1e30),
        max: Math.fround(1e30),
      }),
      (value) => {
        fc.pre(value !== 0);
        expect(compareBits(value, next(value))).toMatchObject({ ulps: 1, ulpType: "float32" });
      },
    ),
  );
});

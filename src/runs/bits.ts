/** Two numbers that should be the same bits, and are not. */
export interface ValueDifference {
  readonly a: number | null;
  readonly b: number | null;
  /** `b - a`; `null` where one of them is no finite number. */
  readonly difference: number | null;
  /** How many steps of {@link ulpType} lie between them. */
  readonly ulps: number | null;
  /** `float32` where both are numbers of that type, as losses are. */
  readonly ulpType: "float32" | "float64" | null;
}

/**
 * Whether two recorded numbers are the same, bit for bit, and how far apart they are otherwise. `null`
 * stands for what was not finite; of two such nothing tells them apart.
 */
export function compareBits(a: number | null, b: number | null): ValueDifference | null {
  // Object.is tells 0 from -0, as the bits do.
  if (Object.is(a, b)) return null;
  if (a === null || b === null) return { a, b, difference: null, ulps: null, ulpType: null };
  const single = Math.fround(a) === a && Math.fround(b) === b;
  return {
    a,
    b,
    difference: b - a,
    ulps: single ? singleUlps(a, b) : doubleUlps(a, b),
    ulpType: single ? "float32" : "float64",
  };
}

const view = new DataView(new ArrayBuffer(8));

/** The place of a float32 among all of them, in their order. */
function singlePlace(value: number): number {
  view.setFloat32(0, value);
  const bits = view.getInt32(0);
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}

function doublePlace(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function singleUlps(a: number, b: number): number {
  return Math.abs(singlePlace(a) - singlePlace(b));
}

function doubleUlps(a: number, b: number): number {
  const apart = doublePlace(a) - doublePlace(b);
  return Number(apart < 0n ? -apart : apart);
}

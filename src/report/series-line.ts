import type { ValueDifference } from "../runs/bits.js";
import type { SeriesComparison } from "../runs/compare-traces.js";

/** Two values that differ: `0.5 → 0.501 (1.00e-3, 16777 ulp of float32)`. */
export function apart({ a, b, difference, ulps, ulpType }: ValueDifference): string {
  const by =
    difference === null ? "" : ` (${difference.toExponential(2)}, ${ulps} ulp of ${ulpType})`;
  return `${a ?? "not finite"} → ${b ?? "not finite"}${by}`;
}

/** A series of two runs in a line: how many values are the same bits, and the first that is not. */
export function seriesLine(
  name: string,
  { compared, equal, missing, first, largest }: SeriesComparison<{ readonly step: number }>,
): string {
  const parts = [
    `${equal} of ${compared} bit-equal`,
    ...(first === null ? [] : [`first difference at step ${first.step}, ${apart(first)}`]),
    ...(largest === null ? [] : [`largest in proportion ${largest.toExponential(1)}`]),
    ...(missing.a === 0 ? [] : [`${missing.a} only in B`]),
    ...(missing.b === 0 ? [] : [`${missing.b} only in A`]),
  ];
  return `${name}: ${parts.join("; ")}`;
}

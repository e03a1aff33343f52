import type { Cells, Size } from "../../ir/index.js";
import { radius } from "./problem.js";

/** Smallest multiple of `step` from `size` on that has no prime factor above 13. */
function fastLength(size: number, step: number): number {
  for (let length = Math.ceil(size / step) * step; ; length += step) {
    let rest = length;
    for (const factor of [2, 3, 5, 7, 11, 13]) while (rest % factor === 0) rest /= factor;
    if (rest === 1) return length;
  }
}

/** Lengths of method `fft`'s transforms, as `_lengths` of a kernel file has them. */
export function transformLengths(rows: Cells, columns: Cells, [height, width]: Size): Size {
  const length = (cells: Cells, side: number, step: number): number =>
    fastLength(side + Math.min(radius(cells), side - 1), step);
  return [length(rows, height, 1), length(columns, width, 2)];
}

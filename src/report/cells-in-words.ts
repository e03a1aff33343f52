import { cellRuns } from "../analyse/cell-runs.js";
import type { Cells } from "../ir/index.js";

/** `9 8 4 2 1×5 2 4 8 9`: cells from the first tap to the last, four or more equal ones together. */
export function cellsInWords(cells: Cells): string {
  return cellRuns(cells)
    .flatMap(({ size, count }) =>
      count < 4 ? new Array<string>(count).fill(`${size}`) : [`${size}×${count}`],
    )
    .join(" ");
}

import type { Cells } from "../ir/index.js";

/** Equal cells next to each other. */
export interface Run {
  /** Taps a cell. */
  readonly cell: number;
  readonly count: number;
  /** First tap. */
  readonly start: number;
}

export function cellRuns(cells: Cells): Run[] {
  const runs: Run[] = [];
  let tap = 0;
  for (const cell of cells) {
    const last = runs.at(-1);
    if (last?.cell === cell) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ cell, count: 1, start: tap });
    tap += cell;
  }
  return runs;
}

/** `9 8 4 2 1×5 2 4 8 9`: cells from the first tap to the last, four or more equal ones together. */
export function cellsInWords(cells: Cells): string {
  return cellRuns(cells)
    .flatMap(({ cell, count }) =>
      count < 4 ? new Array<string>(count).fill(`${cell}`) : [`${cell}×${count}`],
    )
    .join(" ");
}

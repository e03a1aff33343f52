import { cellRuns } from "../../analyse/cell-runs.js";
import { axisLength } from "../../analyse/grid.js";
import type { Cells, GridPair } from "../../ir/index.js";

/** A tap of a kernel that is computed tap by tap. */
export interface DirectTap {
  /** Index of its weight in a channel's weights. */
  readonly zone: number;
  /** Offsets from the middle tap. */
  readonly row: number;
  readonly column: number;
}

/** Every tap of a pair of grids, row by row. */
export function directTaps({ rows, columns }: GridPair): DirectTap[] {
  const columnCells = cellOfTap(columns);
  const [middleRow, middleColumn] = [middle(rows), middle(columns)];
  return cellOfTap(rows).flatMap((a, row) =>
    columnCells.map((b, column) => ({
      zone: a * columns.length + b,
      row: row - middleRow,
      column: column - middleColumn,
    })),
  );
}

const middle = (cells: Cells): number => (axisLength(cells) - 1) / 2;

function cellOfTap(cells: Cells): number[] {
  return cellRuns(cells).flatMap(({ cell, size, count }) =>
    Array.from({ length: size * count }, (_, tap) => cell + Math.floor(tap / size)),
  );
}

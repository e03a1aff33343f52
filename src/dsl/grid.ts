import type { z } from "zod";
import { FoveaError } from "../ir/error.js";
import { Cells } from "../ir/grid.js";
import { GridMixer } from "../ir/mixer.js";
import { checkCells, checkMixer } from "./check-mixer.js";
import { declare, freeze } from "./declare.js";
import { type CommonOptions, type EmbeddingOption, PLAIN } from "./mixer-options.js";
import { noteCall } from "./origin.js";

/** Cells of both axes, or of each; from the first tap to the last, with an odd sum. */
type CellsOption = BothAxes | EachAxis;

interface BothAxes {
  /** Taps of each cell, of both axes. */
  readonly cells: readonly number[];
  readonly rows?: undefined;
  readonly columns?: undefined;
}

interface EachAxis {
  readonly cells?: undefined;
  /** Taps of each cell from the top to the bottom. */
  readonly rows: readonly number[];
  /** Taps of each cell from left to right. */
  readonly columns: readonly number[];
}

export type GridOptions<B extends number> = CommonOptions<B> & EmbeddingOption & CellsOption;

/** As `grid` is called: `cells` stands for both axes. */
const GridCall = GridMixer.extend({
  cells: Cells.optional(),
  rows: Cells.optional(),
  columns: Cells.optional(),
});

/**
 * A depthwise convolution whose weight is shared over any pair of grids (PeLK, equation 1 and
 * table 5). By default it takes all channels, and has neither embedding nor branch.
 *
 * @throws FoveaError for cells that are no whole numbers or sum to an even number, and other
 *   wrong options
 */
export function grid<B extends number = 5>(options: GridOptions<B>): GridMixer {
  const fixed = { type: "grid" };
  const call = declare({ what: "grid", schema: GridCall, fixed, defaults: PLAIN, options });
  const { cells, ...rest } = call;
  const mixer: GridMixer = { ...rest, ...axes(call) };
  checkMixer(mixer);
  return noteCall("grid", freeze(mixer));
}

function axes({ cells, rows, columns }: z.infer<typeof GridCall>): {
  rows: number[];
  columns: number[];
} {
  if (cells !== undefined) {
    const other = rows === undefined ? columns : rows;
    if (other !== undefined) throw bothForms(rows === undefined ? "columns" : "rows", other);
    checkCells(cells, ["cells"]);
    return { rows: [...cells], columns: [...cells] };
  }
  if (rows !== undefined && columns !== undefined) return { rows, columns };
  if (rows === undefined && columns === undefined) throw missing("cells");
  throw missing(rows === undefined ? "rows" : "columns");
}

function bothForms(path: string, value: readonly number[]): FoveaError {
  return new FoveaError({
    code: "FOV0012",
    message: `grid() takes cells, or rows and columns, and not both`,
    path,
    value,
    allowed: "cells for both axes, or rows and columns",
    fix: `remove cells or ${path}`,
  });
}

function missing(path: string): FoveaError {
  return new FoveaError({
    code: "FOV0003",
    message: `grid() needs ${path === "cells" ? "cells, or rows and columns" : `${path} too`}`,
    path,
    value: undefined,
    allowed: "cells for both axes, or rows and columns",
    fix: `add ${path}: [4, 2, 1, 1, 1, 2, 4]`,
  });
}

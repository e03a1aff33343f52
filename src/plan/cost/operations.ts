import { cellRuns } from "../../analyse/cell-runs.js";
import type { Cells } from "../../ir/index.js";

/**
 * Instructions a lane for an element that is loaded by itself: its address, two comparisons, a
 * load, which starts at a quarter of the rate, and a conversion. An assumption.
 */
export const LOAD = 8;
/** Instructions for an element of a band: two comparisons, their conjunction, a conversion. */
export const BAND = 4;
/** Instructions for a sum between two products: its scale and its rounding. */
export const SCALE = 2;

/** Instructions that find the cell of a tap: a comparison, a selection and a sum for each run. */
export const cellLookup = (cells: Cells): number => 3 * cellRuns(cells).length;

/** Instructions that sum a matrix's element over cells: for each a selection and two sums. */
export const cellSums = (cells: Cells): number => cellLookup(cells) + 3 * cells.length;

import { cellRuns, type Run } from "../analyse/cell-runs.js";
import { kernelSize } from "../analyse/grid.js";
import type { Cells, GridPair } from "../ir/index.js";
import { kernelName } from "./kernel-name.js";

/** A run of cells as the Triton kernels spell it; text is Python. */
interface PlannedRun extends Run {
  /** Smallest power of two that holds a cell's size: sums are kept to the size of a mean by it. */
  readonly scale: string;
  /** Index of the cell that holds `tap`. */
  readonly cellOfTap: string;
  /** First tap of the cell `row`. */
  readonly tapOfRow: string;
}

/** All that `templates/kernels/kernel.py.hbs` prints for a pair of sharing grids. */
export interface KernelPlan {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Taps of the kernel. */
  readonly taps: number;
  readonly rowCells: number;
  readonly columnCells: number;
  /** `columnCells` filled up to a power of two, the sizes that Triton has. */
  readonly paddedColumnCells: number;
  /** Shared weights a channel. */
  readonly zones: number;
  /** Index of the middle tap, which is also the kernel's radius. */
  readonly middleRow: number;
  readonly middleColumn: number;
  readonly lastColumn: number;
  /** `ROWS` and `COLUMNS` as Python tuples. */
  readonly rows: string;
  readonly columns: string;
  /** A sentence on how much is shared. */
  readonly sharing: string;
  readonly firstRow: PlannedRun;
  readonly laterRowRuns: readonly PlannedRun[];
  readonly firstColumn: PlannedRun;
  readonly laterColumnRuns: readonly PlannedRun[];
}

/** Plans the kernel file of a pair of sharing grids: a function of the pair only. */
export function planKernel(pair: GridPair): KernelPlan {
  const [height, width] = kernelSize(pair);
  const rowCells = pair.rows.length;
  const columnCells = pair.columns.length;
  const [firstRow, ...laterRowRuns] = cellRuns(pair.rows).map(planRun);
  const [firstColumn, ...laterColumnRuns] = cellRuns(pair.columns).map(planRun);
  if (firstRow === undefined || firstColumn === undefined) throw new Error("a grid has no cells");
  return {
    name: kernelName(pair),
    height,
    width,
    taps: height * width,
    rowCells,
    columnCells,
    paddedColumnCells: powerOfTwo(columnCells),
    zones: rowCells * columnCells,
    middleRow: (height - 1) / 2,
    middleColumn: (width - 1) / 2,
    lastColumn: width - 1,
    rows: cellTuple(pair.rows),
    columns: cellTuple(pair.columns),
    sharing: sharing(rowCells * columnCells, height * width),
    firstRow,
    laterRowRuns,
    firstColumn,
    laterColumnRuns,
  };
}

function planRun(run: Run): PlannedRun {
  const { cell, tap, size, count } = run;
  return {
    ...run,
    scale: powerOfTwo(size).toFixed(1),
    cellOfTap: count === 1 ? String(cell) : plus(cell, over(minus("tap", tap), size)),
    tapOfRow: count === 1 ? String(tap) : plus(tap, times(minus("row", cell), size)),
  };
}

/** Smallest power of two from `value` on. */
const powerOfTwo = (value: number): number => 2 ** Math.ceil(Math.log2(value));

const minus = (name: string, value: number): string =>
  value === 0 ? name : `(${name} - ${value})`;
const times = (text: string, factor: number): string =>
  factor === 1 ? text : `${text} * ${factor}`;
const over = (text: string, divisor: number): string =>
  divisor === 1 ? text : `${text} // ${divisor}`;
const plus = (value: number, text: string): string => (value === 0 ? text : `${value} + ${text}`);

/** Longest tuple of cells that is printed number by number. */
const LISTED_CELLS = 24;

function cellTuple(cells: Cells): string {
  if (cells.length === 1) return `(${cells[0]},)`;
  if (cells.length <= LISTED_CELLS) return `(${cells.join(", ")})`;
  const runs = cellRuns(cells);
  if (runs.length === 1) return `(${cells[0]},) * ${cells.length}`;
  const parts = runs.map(({ size, count }) =>
    count > 2 ? `*(${size},) * ${count}` : new Array(count).fill(size).join(", "),
  );
  return `(${parts.join(", ")})`;
}

function sharing(zones: number, taps: number): string {
  if (zones === taps) return "Here every tap has a weight of its own.";
  const percent = ((100 * zones) / taps).toPrecision(3);
  return `Here ${taps} taps share ${zones} weights a channel (${percent}%).`;
}

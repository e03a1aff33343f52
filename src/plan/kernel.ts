import { cellRuns, type Run } from "../analyse/cell-runs.js";
import { kernelSize } from "../analyse/grid.js";
import type { Cells, GridPair, Size } from "../ir/index.js";
import { CPU, type CpuCoefficients } from "./cost/cpu.js";
import { kernelName } from "./kernel-name.js";
import { powerOfTwo } from "./triton/cells.js";
import { planTriton, type TritonPlan } from "./triton/plan.js";
import type { TunedTable } from "./triton/tuned.js";

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
export interface KernelPlan extends TritonPlan {
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
  /** Columns that a pixel's kernel reaches beside it. */
  readonly columnReach: number;
  readonly lastRow: number;
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
  /** What "auto" weighs methods by on a CPU. */
  readonly cpu: CpuCoefficients;
}

/**
 * Plans the kernel file of a pair of sharing grids.
 *
 * @param maps - map sizes to plan Triton kernels for, in pixels; on others the general ones run
 * @param tuned - what `fovea tune` found, for the devices that it was run on
 */
export function planKernel(
  pair: GridPair,
  maps: readonly Size[] = [],
  tuned: TunedTable = [],
): KernelPlan {
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
    paddedColumnCells: Math.max(16, powerOfTwo(columnCells)),
    zones: rowCells * columnCells,
    middleRow: (height - 1) / 2,
    middleColumn: (width - 1) / 2,
    columnReach: width - 1,
    lastRow: height - 1,
    lastColumn: width - 1,
    rows: cellTuple(pair.rows),
    columns: cellTuple(pair.columns),
    sharing: sharing(rowCells * columnCells, height * width),
    firstRow,
    laterRowRuns,
    firstColumn,
    laterColumnRuns,
    cpu: CPU,
    ...planTriton(pair, maps, tuned),
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

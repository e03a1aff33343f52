import type { GridPair, Size } from "../../ir/index.js";
import { type BoxesPlan, boxOf, planBoxes } from "./boxes.js";
import { powerOfTwo, type ReachedRun, reachedRuns, type Segment, segments } from "./cells.js";

/** Columns of y that a program computes. */
const COLUMNS = 64;
/** The span of a Toeplitz matrix is a multiple of this many rows, which `tl.dot` takes at a time. */
const STEP = 32;
/** Most cells along an axis for which one product gives the weight's gradient. */
const GRADIENT_CELLS = 64;

/** Where the boxes of a run of cells lie, as kernels look them up; text is Python. */
interface BoxPlace {
  readonly cell: number;
  readonly start: number;
  /** Boxes from a pixel of y to the one that it takes, and where taps count the other way. */
  readonly there: string;
  readonly back: string;
  readonly begun: number;
  readonly scale: string;
}

/** The places of an axis: those of the first cells, and where they change. */
interface BoxPlaces {
  readonly first: string;
  readonly later: readonly BoxPlace[];
}

/** Cells of both axes, filled up to what `tl.dot` takes. */
interface GradientPlan {
  readonly paddedRows: number;
  readonly paddedColumns: number;
}

/** All that `triton-planes.py.hbs` prints for maps of one size. */
export interface PlanesPlan {
  readonly map: string;
  readonly mapHeight: number;
  readonly mapWidth: number;
  readonly pixels: number;
  /** Tiles along the width, and their columns. */
  readonly tilesW: number;
  readonly columns: number;
  /** Rows of a Toeplitz matrix before its first column, and in all. */
  readonly margin: number;
  readonly span: number;
  readonly columnsAndMargin: number;
  /** Elements of a Toeplitz matrix, and of all those of a channel. */
  readonly matrixSize: number;
  readonly operandSize: number;
  /** A row so far off that no cell reaches the map from it. */
  readonly outside: number;
  readonly rowBoxes: BoxesPlan;
  readonly rowBoxesSize: number;
  readonly columnBoxes: BoxesPlan;
  readonly columnBoxesSize: number;
  /** Elements of the column boxes of one row of the map. */
  readonly columnBoxLine: number;
  /** Whether some cell sums rows, and whether some is a single row. */
  readonly sums: boolean;
  readonly singles: boolean;
  readonly segments: readonly Segment[];
  readonly rowPlaces: BoxPlaces;
  readonly columnPlaces: BoxPlaces;
  readonly gradient: GradientPlan | false;
}

/** Plans the products with written row boxes, for maps that are larger than a tile. */
export function planPlanes(pair: GridPair, map: Size): PlanesPlan {
  const [height, width] = map;
  const rows = reachedRuns(pair.rows, height);
  const columns = reachedRuns(pair.columns, width);
  const loops = segments(rows);
  const rowBoxes = planBoxes("row", rows, map);
  const columnBoxes = planBoxes("column", columns, map);
  const radius = Math.max(0, ...columns.map(({ first }) => -first));
  const margin = Math.ceil(radius / STEP) * STEP;
  const span = COLUMNS + 2 * margin;
  return {
    map: `${height}x${width}`,
    mapHeight: height,
    mapWidth: width,
    pixels: height * width,
    tilesW: Math.ceil(width / COLUMNS),
    columns: COLUMNS,
    margin,
    span,
    columnsAndMargin: COLUMNS + margin,
    matrixSize: span * COLUMNS,
    operandSize: pair.rows.length * span * COLUMNS,
    outside: 4 * height,
    rowBoxes,
    rowBoxesSize: rowBoxes.boxesSize,
    columnBoxes,
    columnBoxesSize: columnBoxes.boxesSize,
    columnBoxLine: columnBoxes.boxLane,
    sums: loops.some(({ single }) => !single),
    singles: loops.some(({ single }) => single),
    segments: loops,
    rowPlaces: places(rowBoxes, rows, pair.rows.length, "row"),
    columnPlaces: places(columnBoxes, columns, pair.columns.length, "column"),
    gradient: Math.max(pair.rows.length, pair.columns.length) <= GRADIENT_CELLS && {
      paddedRows: Math.max(16, powerOfTwo(pair.rows.length)),
      paddedColumns: Math.max(16, powerOfTwo(pair.columns.length)),
    },
  };
}

/** A cell out of reach has no box: nothing is read. */
const nowhere = (cell: number): BoxPlace => ({
  cell,
  start: 0,
  there: "0",
  back: "0",
  begun: 0,
  scale: "1.0",
});

/** The places of a grid's cells; there are none before the first and after the last in reach. */
function places(
  plan: BoxesPlan,
  runs: readonly ReachedRun[],
  cells: number,
  name: string,
): BoxPlaces {
  const [first, last] = [runs[0], runs.at(-1)];
  const end = last === undefined ? 0 : last.cell + last.count;
  const [before = nowhere(0), ...later] = [
    ...(first !== undefined && first.cell > 0 ? [nowhere(0)] : []),
    ...runs.map((run) => boxPlace(plan, run, name)),
    ...(end < cells ? [nowhere(end)] : []),
  ];
  const { start, there, back, begun, scale } = before;
  return { first: [start, there, back, begun, scale].join(", "), later };
}

function boxPlace(plan: BoxesPlan, run: ReachedRun, name: string): BoxPlace {
  const moves = run.count > 1 ? moved(run, name) : false;
  const [there, back] = [run.first + run.size - 1, -run.first];
  return {
    cell: run.cell,
    ...boxOf(plan, run),
    there: moves === false ? String(there) : `${there} + ${moves}`,
    back: moves === false ? String(back) : `${back} - ${moves}`,
    scale: run.scale.toFixed(1),
  };
}

/** How far the boxes of a run have moved at the cell `name`, as Python. */
function moved(run: ReachedRun, name: string): string {
  const cells = run.cell === 0 ? name : `(${name} - ${run.cell})`;
  return run.size === 1 ? cells : `${run.size} * ${cells}`;
}

import type { Size } from "../../ir/index.js";
import { isSingle, type ReachedRun } from "./cells.js";

/** The sums of one number of neighbours. */
interface Box {
  readonly size: number;
  /** Neighbours that the sum before it does not hold, as a Python range; false for none. */
  readonly loop: string | false;
  /** Where its plane begins, in elements. */
  readonly start: number;
  /** One over the power of two that sums are scaled by. */
  readonly share: string;
  readonly scale: number;
}

type PythonBool = "True" | "False";

/** All that `triton-boxes.py.hbs` prints: sums of rows or columns of maps of one size. */
export interface BoxesPlan {
  readonly axis: "row" | "column";
  readonly map: string;
  readonly mapHeight: number;
  readonly mapWidth: number;
  readonly pixels: number;
  /** Side of the map along the axis, and across it. */
  readonly length: number;
  readonly lanes: number;
  /** Elements from one row (column) of the map to the next, and along it. */
  readonly step: number;
  readonly lane: number;
  /** The same of the boxes. */
  readonly boxStep: number;
  readonly boxLane: number;
  /** Elements of all boxes of a plane. */
  readonly boxesSize: number;
  /** Boxes that begin before the map, and all places where one may begin. */
  readonly before: number;
  readonly begun: number;
  /** Whether there are cells of a single row (column). */
  readonly singles: boolean;
  readonly singlesText: PythonBool;
  /** Whether there are cells of several. */
  readonly sumsText: PythonBool;
  readonly sizesInWords: string;
  readonly boxes: readonly Box[];
}

/** Plans the sums that the cells of one axis need. */
export function planBoxes(
  axis: "row" | "column",
  runs: readonly ReachedRun[],
  [mapHeight, mapWidth]: Size,
): BoxesPlan {
  const [length, lanes] = axis === "row" ? [mapHeight, mapWidth] : [mapWidth, mapHeight];
  const singles = runs.some(isSingle);
  let begun = singles ? length : 0;
  const boxes = distinct(runs).map(({ size, scale, from }) => {
    const loop = neighbours(from ?? (singles ? 1 : 0), size);
    const box = { size, scale, loop, begun, share: String(1 / scale) };
    begun += length + size - 1;
    return box;
  });
  const across = axis === "row" ? mapWidth : 1;
  const largest = Math.max(1, ...boxes.map(({ size }) => size));
  return {
    axis,
    map: `${mapHeight}x${mapWidth}`,
    mapHeight,
    mapWidth,
    pixels: mapHeight * mapWidth,
    length,
    lanes,
    step: axis === "row" ? mapWidth : 1,
    lane: axis === "row" ? 1 : mapWidth,
    boxStep: axis === "row" ? mapWidth : 1,
    boxLane: axis === "row" ? 1 : begun,
    boxesSize: begun * lanes,
    before: largest - 1,
    begun: length + largest - 1,
    singles,
    singlesText: singles ? "True" : "False",
    sumsText: boxes.length > 0 ? "True" : "False",
    sizesInWords: boxes.map(({ size }) => size).join(", ") || "single",
    boxes: boxes.map(({ begun: first, ...box }) => ({ ...box, start: first * across })),
  };
}

/** Where the sums of a run lie: elements before them, and how many begin along the axis. */
export function boxOf(plan: BoxesPlan, run: ReachedRun): { start: number; begun: number } {
  if (isSingle(run)) return { start: 0, begun: plan.length };
  const box = plan.boxes.find(({ size, scale }) => size === run.size && scale === run.scale);
  if (box === undefined) throw new Error(`no box of ${run.size} ${plan.axis}s is planned`);
  return { start: box.start, begun: plan.length + run.size - 1 };
}

function neighbours(from: number, end: number): string | false {
  if (from === end) return false;
  return from === 0 ? `range(${end})` : `range(${from}, ${end})`;
}

function distinct(
  runs: readonly ReachedRun[],
): { size: number; scale: number; from: number | undefined }[] {
  const summed = runs.filter((run) => !isSingle(run));
  const byKey = new Map(summed.map(({ size, scale }) => [`${size}/${scale}`, { size, scale }]));
  const sorted = [...byKey.values()].sort((a, b) => a.size - b.size || a.scale - b.scale);
  return sorted.map((box, index) => ({ ...box, from: sorted[index - 1]?.size }));
}

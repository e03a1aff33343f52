import { kernelSize, peripheralCells } from "../analyse/grid.js";
import { type Cells, contentHash, type GridPair } from "../ir/index.js";

/**
 * Name of a kernel's module, from the pair of grids only: `dense_{h}x{w}` without sharing,
 * `peripheral_{h}x{w}_c{centre}` by the published rule (base 2, remainder as a cell of its own),
 * else `grid_{h}x{w}_` and eight digits of the pair's hash.
 */
export function kernelName(pair: GridPair): string {
  const [height, width] = kernelSize(pair);
  if (isOnes(pair.rows) && isOnes(pair.columns)) return `dense_${height}x${width}`;
  for (let centre = 1; centre <= Math.min(height, width); centre += 2) {
    const byRule = (kernel: number): number[] =>
      peripheralCells({ kernel, centre, base: 2, remainder: "own" });
    if (isEqual(pair.rows, byRule(height)) && isEqual(pair.columns, byRule(width))) {
      return `peripheral_${height}x${width}_c${centre}`;
    }
  }
  const { rows, columns } = pair;
  return `grid_${height}x${width}_${contentHash({ rows, columns }).slice(0, 8)}`;
}

function isOnes(cells: Cells): boolean {
  return cells.every((cell) => cell === 1);
}

function isEqual(a: Cells, b: Cells): boolean {
  return a.length === b.length && a.every((cell, index) => cell === b[index]);
}

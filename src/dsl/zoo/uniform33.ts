import type { Network } from "../../ir/network.js";
import { grid } from "../grid.js";
import { wrongChoice } from "../mistake.js";
import { pelk } from "./pelk.js";

const SIDE = 33;

/**
 * The half grids of PeLK's table 5, from the outermost cell to the middle tap: 33 taps in cells of
 * one, of two, of two around a centre, of four, of powers of two, and of those reversed.
 */
export const TABLE_5_GRIDS = {
  ones: Array.from({ length: 17 }, () => 1),
  twos: [2, 2, 2, 2, 2, 2, 2, 2, 1],
  twos_centre: [2, 2, 2, 2, 2, 2, 2, 1, 1, 1],
  fours_centre: [4, 4, 4, 2, 1, 1, 1],
  exponential: [8, 4, 2, 1, 1, 1],
  reversed: [1, 1, 2, 4, 8, 1],
} as const;
export type Table5Grid = keyof typeof TABLE_5_GRIDS;

/**
 * A network of PeLK's table 5: PeLK-T with one 33×33 grid in every stage, dense and without
 * embedding.
 *
 * @param half - one of {@link TABLE_5_GRIDS}, or another half grid of the 33 taps: from the
 *   outermost cell to the cell that holds the middle tap, which is as wide to both sides; the
 *   whole of a symmetric grid, as `grid({ cells })` takes it, stands for its half
 * @returns the network `uniform33_<name>`, of another half grid `uniform33_<its cells>`
 * @throws FoveaError for an unknown name and for cells that are not half of 33 taps
 */
export function uniform33(half: Table5Grid | readonly number[]): Network {
  const named = typeof half === "string" && Object.hasOwn(TABLE_5_GRIDS, half);
  const cells: unknown = named ? TABLE_5_GRIDS[half] : halved(half);
  if (!isHalf(cells)) {
    const others = `or a list of cells whose mirror image has ${SIDE} taps`;
    throw wrongChoice("half", half, Object.keys(TABLE_5_GRIDS), others);
  }
  const mirrored = [...cells, ...cells.slice(0, -1).reverse()];
  const mixer = grid({ cells: mirrored, branch: false, embedding: false, partial: 3 / 8 });
  return pelk("tiny", {
    name: `uniform33_${named ? half : cells.join("_")}`,
    mixers: [mixer, mixer, mixer, mixer],
    sparsity: 0,
  });
}

/** The half of a whole grid, 33 taps that read the same from both ends; anything else as it is. */
function halved(cells: unknown): unknown {
  if (!Array.isArray(cells) || cells.length % 2 === 0) return cells;
  const isWhole = cells.every((cell, index) => cell === cells.at(-1 - index));
  const half = cells.slice(0, (cells.length + 1) / 2);
  return isWhole && isHalf(half) ? half : cells;
}

function isHalf(cells: unknown): cells is readonly number[] {
  if (!Array.isArray(cells) || !cells.every((cell) => Number.isInteger(cell) && cell > 0)) {
    return false;
  }
  const sum = cells.reduce((total: number, cell: number) => total + cell, 0);
  return 2 * sum - cells.at(-1) === SIDE;
}

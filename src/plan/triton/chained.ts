import type { GridPair, Size } from "../../ir/index.js";
import { isSingle, loopOver, reachedRuns } from "./cells.js";
import { planTile, type TilePlan } from "./tile.js";

/** All that `triton-chained.py.hbs` prints for maps of one size. */
export interface ChainedPlan extends TilePlan {
  /** Elements of a Toeplitz matrix, and of all those of a channel. */
  readonly matrixSize: number;
  readonly operandSize: number;
  /** Whether some cell sums rows. */
  readonly sums: boolean;
  /** The loop's range in Python: the rows of weights in reach. */
  readonly loop: string;
}

/** Plans the chained products for maps that fit a tile. */
export function planChained({ rows }: GridPair, map: Size): ChainedPlan {
  const tile = planTile(map);
  const runs = reachedRuns(rows, map[0]);
  return {
    ...tile,
    matrixSize: tile.columns ** 2,
    operandSize: rows.length * tile.columns ** 2,
    sums: !runs.every(isSingle),
    loop: loopOver(runs),
  };
}

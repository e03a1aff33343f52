/**
 * Table 5 at the scale of `digits`: the same six grids of 33 taps. The second stage's map is 8 wide,
 * so that only the middle 15 taps see anything there, and of the outer cells only what lies in them.
 */
import { grid, sweep, TABLE_5_GRIDS, type Table5Grid } from "fovea";
import { seeds, small, training } from "./small.js";

const of = (name: Table5Grid) => {
  const half = TABLE_5_GRIDS[name];
  const mixer = grid({ cells: [...half, ...half.slice(0, -1).reverse()], partial: 3 / 8 });
  return small(`small_${name}`, [mixer, mixer]);
};

export default sweep({
  base: training("digits-table-5", of("ones")),
  over: { network: (Object.keys(TABLE_5_GRIDS) as Table5Grid[]).map(of) },
  seeds,
});

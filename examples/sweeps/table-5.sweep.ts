/**
 * PeLK's table 5: how 33 taps are shared, in every stage of PeLK-T without sparsity and embedding.
 * Printed top-1: ones 81.4, twos 81.0, twos_centre 81.4, fours_centre 81.3, exponential 81.4,
 * reversed 80.5.
 */
import { sweep, TABLE_5_GRIDS, type Table5Grid, uniform33 } from "fovea";
import { ablation } from "./imagenet.js";

const grids = Object.keys(TABLE_5_GRIDS) as Table5Grid[];

export default sweep({
  base: ablation("table-5", uniform33("ones"), null),
  over: { network: grids.map((grid) => uniform33(grid)) },
});

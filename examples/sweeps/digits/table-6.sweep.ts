/** Table 6 at the scale of `digits`: the side of the centre alone, without branches. */
import { peripheral, sweep } from "fovea";
import { seeds, small, training } from "./small.js";

const net = small("small_centre", [
  peripheral({ kernel: 31, centre: 5, branch: false }),
  peripheral({ kernel: 15, centre: 5, branch: false }),
]);

export default sweep({
  base: training("digits-table-6", net),
  over: { "network.mixers[*].centre": [1, 3, 5, 7] },
  seeds,
});

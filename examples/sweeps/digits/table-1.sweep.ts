/** Table 1 at the scale of `digits`: stripes and dense kernels, with dynamic sparsity and without. */
import { dense, stripes, sweep } from "fovea";
import { seeds, small, training } from "./small.js";

const striped = small("small_stripes", [stripes({ kernel: 31 }), stripes({ kernel: 15 })]);
const full = small("small_dense", [
  dense({ kernel: 31, branch: 5 }),
  dense({ kernel: 15, branch: 5 }),
]);

export default sweep({
  base: training("digits-table-1", striped),
  over: { sparsity: [{ amount: 0.4, every: 100 }, null], network: [striped, full] },
  seeds,
});

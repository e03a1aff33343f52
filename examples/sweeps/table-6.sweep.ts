/**
 * PeLK's table 6: the side of the centre that is not shared, in PeLK-T. Printed top-1: 80.8, 81.1,
 * 81.6, 81.6.
 *
 * The 5×5 branch merges on the grid from a centre of 5 on, so the two smaller centres have none;
 * what the authors did there is not published.
 */
import { pelk, sparsity, sweep } from "fovea";
import { ablation } from "./imagenet.js";

export default sweep({
  base: ablation("table-6", pelk("tiny"), sparsity.pelk("tiny")),
  over: { "network.mixers[*].centre": [1, 3, 5, 7] },
});

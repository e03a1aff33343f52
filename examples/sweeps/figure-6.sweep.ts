/**
 * PeLK's figure 6: ConvNeXt-T with every kernel replaced, in three forms and four sides. The figure
 * has their parameters, which `fovea sweep --plan` counts without training; the runs add what they
 * reach in 120 epochs.
 */
import { FIGURE_6_KERNELS, type Figure6Form, figure6, sweep } from "fovea";
import { ablation } from "./imagenet.js";

const forms: readonly Figure6Form[] = ["dense", "stripes", "peripheral"];

export default sweep({
  base: ablation("figure-6", figure6("dense", 31), null),
  over: {
    network: forms.flatMap((form) => FIGURE_6_KERNELS.map((kernel) => figure6(form, kernel))),
  },
});

import type { Mixer } from "../../ir/mixer.js";
import type { Network } from "../../ir/network.js";
import { dense } from "../dense.js";
import { wrongChoice, wrongValue } from "../mistake.js";
import { peripheral } from "../peripheral.js";
import { stripes } from "../stripes.js";
import { convnext } from "./convnext.js";

/** Side of the parallel branch, width of the stripes, and side of the unshared centre. */
const WIDTH = 5;
const MIXERS = {
  dense: (kernel: number) => dense({ kernel, branch: WIDTH }),
  stripes: (kernel: number) => stripes({ kernel, width: WIDTH }),
  peripheral: (kernel: number) =>
    peripheral({ kernel, centre: WIDTH, partial: 1, embedding: false, branch: WIDTH }),
} as const satisfies Record<string, (kernel: number) => Mixer>;
export type Figure6Form = keyof typeof MIXERS;

/** Kernel sides of PeLK's figure 6. */
export const FIGURE_6_KERNELS = [31, 51, 101, 151] as const;

/**
 * A network of PeLK's figure 6: ConvNeXt-T with every 7×7 kernel replaced. All channels are
 * convolved, each kernel has a parallel 5×5 branch, and there is no embedding.
 *
 * @param form - how the kernel is parametrised: `"dense"`, `"stripes"` or `"peripheral"`
 * @param kernel - its side in taps, odd; {@link FIGURE_6_KERNELS} are the figure's
 * @returns the network `figure6_<form>_<kernel>`
 * @throws FoveaError for another form and for sides that the mixers refuse
 */
export function figure6(form: Figure6Form, kernel: number): Network {
  if (!Object.hasOwn(MIXERS, form)) {
    throw wrongChoice("form", form, Object.keys(MIXERS));
  }
  if (kernel < WIDTH) {
    const allowed = `an odd whole number from ${WIDTH}, the branch's side and the stripes' width`;
    const words = { allowed, example: "31" };
    throw wrongValue(["kernel"], kernel, words, "FOV0010").with({ fix: "write 31" });
  }
  const mixer = MIXERS[form](kernel);
  return convnext("tiny", {
    name: `figure6_${form}_${kernel}`,
    mixers: [mixer, mixer, mixer, mixer],
  });
}

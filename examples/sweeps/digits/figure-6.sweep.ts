/**
 * Figure 6 at the scale of `digits`: one side in both stages, in the figure's share of the first
 * map's reach, in three forms; all channels, a 5×5 branch, no embedding.
 */
import { dense, peripheral, stripes, sweep } from "fovea";
import { seeds, small, training } from "./small.js";

const forms = {
  dense: (kernel: number) => dense({ kernel, branch: 5 }),
  stripes: (kernel: number) => stripes({ kernel }),
  peripheral: (kernel: number) =>
    peripheral({ kernel, centre: 5, partial: 1, embedding: false, branch: 5 }),
};
type Form = keyof typeof forms;

const of = (form: Form, kernel: number) => {
  const mixer = forms[form](kernel);
  return small(`small_${form}_${kernel}`, [mixer, mixer]);
};

export default sweep({
  base: training("digits-figure-6", of("dense", 9)),
  over: {
    network: (Object.keys(forms) as Form[]).flatMap((form) =>
      [9, 15, 29, 43].map((kernel) => of(form, kernel)),
    ),
  },
  seeds,
});

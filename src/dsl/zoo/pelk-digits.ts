import type { Network } from "../../ir/network.js";
import { classifier } from "../classifier.js";
import { network } from "../network.js";
import { peripheral } from "../peripheral.js";
import { stem } from "../stem.js";

/** A small PeLK for the grey 64×64 scenes of `digits`: the demo's network. */
export function pelkDigits(): Network {
  return network("pelk_digits", {
    description: "PeLK for digit scenes, small enough to train on two cores.",
    input: { channels: 1, size: 64 },
    stem: stem.patchify({ stride: 4 }),
    depths: [1, 1, 2],
    widths: [32, 64, 96],
    mixers: [
      peripheral({ kernel: 31, centre: 5 }),
      peripheral({ kernel: 15, centre: 5 }),
      peripheral({ kernel: 7, centre: 5 }),
    ],
    head: classifier(10),
  });
}

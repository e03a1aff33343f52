import type { Network } from "../../ir/network.js";
import { classifier } from "../classifier.js";
import { network } from "../network.js";
import { peripheral } from "../peripheral.js";
import { stem } from "../stem.js";

/** A small PeLK for the grey 48×48 scenes of `digits`: the demo's network. */
export function pelkDigits(): Network {
  return network("pelk_digits", {
    description: "PeLK for digit scenes, small enough to train on two cores.",
    input: { channels: 1, size: 48 },
    stem: stem.patchify({ stride: 4 }),
    // ConvNeXt's layer scale and small weights are for deep and wide networks; in this one the
    // blocks would stay silent for most of the demo.
    block: { expansion: 2, layerScale: false },
    initStd: 0.1,
    depths: [1, 2],
    widths: [32, 96],
    // The maps are 12 and 6 wide: each kernel reaches across all of its map. No branches, so that
    // nothing but the large kernels looks beyond a patch.
    mixers: [
      peripheral({ kernel: 23, centre: 5, branch: false }),
      peripheral({ kernel: 11, centre: 5, branch: false }),
    ],
    head: classifier(10),
  });
}

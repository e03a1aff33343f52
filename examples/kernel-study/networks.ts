/** One small network on 64×64 scenes, its large kernels exchanged: maps of 16 and 8 pixels. */
import { classifier, dense, network, peripheral, stem, stripes } from "fovea";

const KERNELS = [31, 15] as const;

const mixers = {
  peripheral: KERNELS.map((kernel) => peripheral({ kernel, centre: 5 })),
  dense: KERNELS.map((kernel) => dense({ kernel, branch: 5 })),
  stripes: KERNELS.map((kernel) => stripes({ kernel, width: 5 })),
  seven: KERNELS.map(() => dense({ kernel: 7 })),
};

export type Kernels = keyof typeof mixers;

export function studyNetwork(kernels: Kernels) {
  return network(`study_${kernels}`, {
    input: { channels: 1, size: 64 },
    stem: stem.patchify({ stride: 4 }),
    block: { expansion: 2, layerScale: false },
    initStd: 0.1,
    depths: [1, 2],
    widths: [32, 96],
    mixers: mixers[kernels],
    head: classifier(10),
  });
}

import { classifier, network, peripheral, stem } from "fovea";

// Change a kernel size, then: npx fovea inspect my_pelk.arch.ts
export default network("my_pelk", {
  input: { channels: 1, size: 48 },
  stem: stem.patchify({ stride: 4 }),
  // For a narrow network: ConvNeXt's 0.02 and layer scale would keep its blocks silent for long.
  block: { expansion: 2, layerScale: false },
  initStd: 0.1,
  depths: [1, 2],
  widths: [32, 96],
  mixers: [peripheral({ kernel: 23, centre: 5 }), peripheral({ kernel: 11, centre: 5 })],
  head: classifier(10),
});

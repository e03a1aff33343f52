import { classifier, network, peripheral, stem } from "fovea";

// Change a kernel size, then: npx fovea inspect my_pelk.arch.ts
export default network("my_pelk", {
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

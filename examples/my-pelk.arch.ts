import { classifier, network, peripheral, stem } from "fovea";

export default network("my_pelk", {
  input: { channels: 3, size: 224 },
  stem: stem.patchify({ stride: 4 }),
  depths: [3, 3, 9, 3],
  widths: [96, 192, 384, 768],
  widen: 1.3,
  mixers: [
    peripheral({ kernel: 51, centre: 5 }),
    peripheral({ kernel: 49, centre: 5 }),
    peripheral({ kernel: 47, centre: 5 }),
    peripheral({ kernel: 13, centre: 5 }),
  ],
  head: classifier(1000),
});

/** What the editor refuses of data; see mixers.test-d.ts. */
import { ade20k, coco, type Data, digits, imageFolder, voc, webDataset } from "fovea";

declare const sides: readonly number[];

const all: Data[] = [
  digits({ train: 10 }),
  imageFolder({ root: "r", train: "a", validation: "b", workers: 8, corrupt: 0 }),
  webDataset({ train: "t-{0..9}.tar", validation: "v.tar", classes: 10 }),
  webDataset({ train: "t.tar", validation: "v.tar", classes: 10, trainSize: 100, workers: 0 }),
  ade20k({ root: "r" }),
  ade20k({ root: "r", crop: 512, corrupt: 3 }),
  coco({ root: "r", year: "2017", scales: sides, maxSize: 1333 }),
  voc({ root: "r", year: "2012", train: "train", validation: "val", scales: [480, 800] }),
];
void all;

// @ts-expect-error
imageFolder();
// @ts-expect-error
imageFolder({ root: "r", corrupt: "none" });
// @ts-expect-error
webDataset({ train: "t.tar", validation: "v.tar" });
// @ts-expect-error
webDataset({ train: ["t.tar"], validation: "v.tar", classes: 10 });
// @ts-expect-error
ade20k({ root: "r", crop: [512, 512] });
// @ts-expect-error
ade20k({ root: "r", classes: 150 });
// @ts-expect-error
coco({ year: "2017" });
// @ts-expect-error
coco({ root: "r", scales: 800 });
// @ts-expect-error
voc({ root: "r", year: 2007 });

import { expect, test } from "vitest";
import {
  ade20k,
  coco,
  experiment,
  imageFolder,
  pelk,
  voc,
  webDataset,
} from "../../src/dsl/index.js";
import { Data } from "../../src/ir/data.js";

const SCALES = [480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800];
const STORED = { workers: 4, corrupt: 10 };

test.each([
  [
    imageFolder({ root: "data" }),
    { type: "image_folder", root: "data", train: "train", validation: "val", ...STORED },
  ],
  [
    webDataset({ train: "t-{00..09}.tar", validation: "v.tar", classes: 3 }),
    {
      ...{ type: "webdataset", train: "t-{00..09}.tar", validation: "v.tar" },
      ...{ classes: 3, trainSize: null, ...STORED },
    },
  ],
  [ade20k({ root: "ade" }), { type: "ade20k", root: "ade", crop: 512, ...STORED }],
  [
    coco({ root: "coco" }),
    { type: "coco", root: "coco", year: "2017", scales: SCALES, maxSize: 1333, ...STORED },
  ],
  [
    voc({ root: "VOCdevkit" }),
    {
      ...{ type: "voc", root: "VOCdevkit", year: "2007", train: "trainval", validation: "test" },
      ...{ scales: SCALES, maxSize: 1333, ...STORED },
    },
  ],
])("%j is completed by the documented defaults", (declared, expected) => {
  expect(declared).toEqual(expected);
  expect(Data.parse(declared)).toEqual(declared);
});

test("every option can be given", () => {
  const given = { workers: 0, corrupt: 0 };
  expect(ade20k({ root: "a", crop: 64, ...given })).toMatchObject({ crop: 64, ...given });
  const scaled = { year: "2012", scales: [64], maxSize: 99, ...given };
  expect(coco({ root: "a", ...scaled })).toMatchObject(scaled);
  const lists = { train: "train", validation: "val", ...scaled };
  expect(voc({ root: "a", ...lists })).toMatchObject(lists);
});

test.each([ade20k({ root: "r" }), coco({ root: "r" }), voc({ root: "r" })])(
  "classification needs a class for each image: $type is refused",
  (data) => {
    expect(() => experiment({ name: "a", network: pelk("tiny"), data })).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({
          code: "FOV0001",
          path: "data",
          value: data.type,
          allowed: "digits(), imageFolder() or webDataset()",
        }),
      }),
    );
  },
);

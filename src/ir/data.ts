import { z } from "zod";
import { atLeast, atMost } from "./lengths.js";

const Count = z.int().positive().max(1e9);
const Name = z.string().check(atLeast(1));
const Side = z.int().positive().max(65_536);
/** Loader processes. */
const Workers = z.int().min(0).max(256);
/** Files and annotations that may be unusable; one more is an error. */
const Corrupt = z.int().min(0).max(1e9);
const stored = { workers: Workers, corrupt: Corrupt };

/** Seeded scenes composed from scikit-learn's scanned digits; ten classes (docs/digits.md). */
export const DigitsData = z.strictObject({
  type: z.literal("digits"),
  /** Number of training scenes. */
  train: Count,
  /** Number of held-out scenes. */
  test: Count,
});

/** ImageNet's layout: `root/<train>/<class>/<image>` and `root/<validation>/<class>/<image>`. */
export const ImageFolderData = z.strictObject({
  type: z.literal("image_folder"),
  root: Name,
  train: Name,
  validation: Name,
  ...stored,
});

/** WebDataset's shards: tar files with `key.jpg` and `key.cls` a sample. */
export const WebDatasetData = z.strictObject({
  type: z.literal("webdataset"),
  /** Patterns of local files: `shards/train-{000000..000009}.tar`. */
  train: Name,
  validation: Name,
  /** Number of classes; a `.cls` holds 0 to `classes` - 1. */
  classes: z.int().positive().max(1e6),
  /** How many training samples there must be; `null` takes what there is. */
  trainSize: Count.nullable(),
  ...stored,
});

/** ADEChallengeData2016: `images/` and `annotations/` with `training/` and `validation/`. */
export const Ade20kData = z.strictObject({
  type: z.literal("ade20k"),
  root: Name,
  /** Side of the training crops, and the shorter side in evaluation, in pixels. */
  crop: Side,
  ...stored,
});

const scaled = {
  /** Sides that the shorter side becomes by chance; in evaluation the largest. */
  scales: z.array(Side).check(atLeast(1), atMost(1000)),
  /** Most pixels of the longer side. */
  maxSize: Side,
};
const Year = z.string().regex(/^\d{4}$/);

/** COCO: `annotations/instances_train<year>.json`, `train<year>/`, and the same of `val`. */
export const CocoData = z.strictObject({
  type: z.literal("coco"),
  root: Name,
  year: Year,
  ...scaled,
  ...stored,
});

/** Pascal VOC: `VOC<year>/` with `JPEGImages/`, `Annotations/` and `ImageSets/Main/`. */
export const VocData = z.strictObject({
  type: z.literal("voc"),
  root: Name,
  year: Year,
  /** Lists in `ImageSets/Main`, without their ending. */
  train: Name,
  validation: Name,
  ...scaled,
  ...stored,
});

export const Data = z.discriminatedUnion("type", [
  DigitsData,
  ImageFolderData,
  WebDatasetData,
  Ade20kData,
  CocoData,
  VocData,
]);
export type Data = z.infer<typeof Data>;

const DENSE = ["ade20k", "coco", "voc"] as const;
/** Data with masks or boxes, and no class of the image as a whole. */
export type DenseData = Extract<Data, { type: (typeof DENSE)[number] }>;

export function isDense(data: Data): data is DenseData {
  return DENSE.some((type) => type === data.type);
}

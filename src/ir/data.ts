import { z } from "zod";

const Count = z.int().positive().max(1e9);

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
  root: z.string().min(1),
  train: z.string().min(1),
  validation: z.string().min(1),
  /** Loader processes. */
  workers: z.int().min(0).max(256),
});

export const Data = z.discriminatedUnion("type", [DigitsData, ImageFolderData]);
export type Data = z.infer<typeof Data>;

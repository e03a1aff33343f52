import { type Data, DigitsData, ImageFolderData } from "../ir/data.js";
import { declare, freeze } from "./declare.js";

/** Numbers of scenes. */
export interface DigitsOptions {
  /** Scenes to train on; 2000 where it is not given. */
  readonly train?: number | undefined;
  /** Held-out scenes; 500 where it is not given. */
  readonly test?: number | undefined;
}

/**
 * Seeded scenes composed from scikit-learn's scanned digits, of the network's input size, in ten
 * classes. Nothing is downloaded.
 */
export function digits(options: DigitsOptions = {}): Data {
  return freeze(
    declare({
      what: "digits",
      schema: DigitsData,
      fixed: { type: "digits" },
      defaults: { train: 2000, test: 500 },
      options,
    }),
  );
}

export interface ImageFolderOptions {
  /** Folder that holds the two below, as seen from where fovea is started. */
  readonly root: string;
  /** Folder below `root` with one folder of images a class; `train` where it is not given. */
  readonly train?: string | undefined;
  /** The same of held-out images; `val` where it is not given. */
  readonly validation?: string | undefined;
  /** Loader processes, 0 to 256; 4 where it is not given. */
  readonly workers?: number | undefined;
}

/** ImageNet's layout: `root/<train>/<class>/<image>` and `root/<validation>/<class>/<image>`. */
export function imageFolder(options: ImageFolderOptions): Data {
  return freeze(
    declare({
      what: "imageFolder",
      schema: ImageFolderData,
      fixed: { type: "image_folder" },
      defaults: { train: "train", validation: "val", workers: 4 },
      options,
    }),
  );
}

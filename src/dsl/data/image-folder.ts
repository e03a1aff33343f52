import { type Data, ImageFolderData } from "../../ir/data.js";
import { declare, freeze } from "../declare.js";
import { STORED, type StoredOptions } from "./stored.js";

export interface ImageFolderOptions extends StoredOptions {
  /** Folder that holds the two below, as seen from where fovea is started. */
  readonly root: string;
  /** Folder below `root` with one folder of images a class; `train` where it is not given. */
  readonly train?: string | undefined;
  /** The same of held-out images; `val` where it is not given. */
  readonly validation?: string | undefined;
}

/**
 * ImageNet's layout: `root/<train>/<class>/<image>` and `root/<validation>/<class>/<image>`.
 *
 * @throws FoveaError of the first option that is unknown, missing or wrong; what is wrong with the
 *   folders is told before the first step
 */
export function imageFolder(options: ImageFolderOptions): Data {
  return freeze(
    declare({
      what: "imageFolder",
      schema: ImageFolderData,
      fixed: { type: "image_folder" },
      defaults: { train: "train", validation: "val", ...STORED },
      options,
    }),
  );
}

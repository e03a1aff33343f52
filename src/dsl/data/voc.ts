import { type Data, VocData } from "../../ir/data.js";
import { declare, freeze } from "../declare.js";
import { SCALES, type ScaleOptions } from "./scales.js";
import { STORED, type StoredOptions } from "./stored.js";

export interface VocOptions extends StoredOptions, ScaleOptions {
  /** The folder VOCdevkit, which holds `VOC<year>`. */
  readonly root: string;
  /** `"2007"` where it is not given. */
  readonly year?: string | undefined;
  /** List of training images in `ImageSets/Main`; `trainval` where it is not given. */
  readonly train?: string | undefined;
  /** The same of held-out images; `test` where it is not given. */
  readonly validation?: string | undefined;
}

/**
 * Pascal VOC's boxes of 20 classes, at several scales and flipped.
 *
 * @throws FoveaError of the first option that is unknown, missing or wrong; what is wrong with the
 *   files is told before the first step
 */
export function voc(options: VocOptions): Data {
  return freeze(
    declare({
      what: "voc",
      schema: VocData,
      fixed: { type: "voc" },
      defaults: { year: "2007", train: "trainval", validation: "test", ...SCALES, ...STORED },
      options,
    }),
  );
}

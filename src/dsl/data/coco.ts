import { CocoData, type Data } from "../../ir/data.js";
import { declare, freeze } from "../declare.js";
import { SCALES, type ScaleOptions } from "./scales.js";
import { STORED, type StoredOptions } from "./stored.js";

export interface CocoOptions extends StoredOptions, ScaleOptions {
  /** Folder that holds `annotations`, `train<year>` and `val<year>`. */
  readonly root: string;
  /** Of the annotations and images; `"2017"` where it is not given. */
  readonly year?: string | undefined;
}

/**
 * COCO's objects: boxes, classes and masks, at several scales and flipped.
 *
 * @throws FoveaError of the first option that is unknown, missing or wrong; what is wrong with the
 *   files is told before the first step
 */
export function coco(options: CocoOptions): Data {
  return freeze(
    declare({
      what: "coco",
      schema: CocoData,
      fixed: { type: "coco" },
      defaults: { year: "2017", ...SCALES, ...STORED },
      options,
    }),
  );
}

import { Ade20kData, type Data } from "../../ir/data.js";
import { declare, freeze } from "../declare.js";
import { STORED, type StoredOptions } from "./stored.js";

export interface Ade20kOptions extends StoredOptions {
  /** The folder ADEChallengeData2016, as seen from where fovea is started. */
  readonly root: string;
  /** Side of the training crops, and the shorter side in evaluation; 512 where it is not given. */
  readonly crop?: number | undefined;
}

/**
 * ADE20K's 150 classes of pixels (the scene parsing challenge of 2016), with UperNet's scales,
 * crops and flips.
 *
 * @throws FoveaError of the first option that is unknown, missing or wrong; what is wrong with the
 *   files is told before the first step
 */
export function ade20k(options: Ade20kOptions): Data {
  return freeze(
    declare({
      what: "ade20k",
      schema: Ade20kData,
      fixed: { type: "ade20k" },
      defaults: { crop: 512, ...STORED },
      options,
    }),
  );
}

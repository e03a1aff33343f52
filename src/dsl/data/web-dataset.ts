import { type Data, WebDatasetData } from "../../ir/data.js";
import { declare, freeze } from "../declare.js";
import { STORED, type StoredOptions } from "./stored.js";

export interface WebDatasetOptions extends StoredOptions {
  /**
   * Shards to train on: local tar files, as seen from where fovea is started.
   * `train-{000000..000009}.tar` counts, `{a,b}` lists.
   */
  readonly train: string;
  /** The same of held-out samples. */
  readonly validation: string;
  /** Number of classes; a `.cls` holds 0 to `classes` - 1. */
  readonly classes: number;
  /** How many training samples there must be, so that a lost shard is noticed; any where not given. */
  readonly trainSize?: number | null | undefined;
}

/**
 * WebDataset's shards: tar files in which a sample is `key.jpg` (or another image) and `key.cls`,
 * the number of its class. Samples are read at random places, so that order, augmentation and
 * resume are those of `imageFolder`.
 *
 * @throws FoveaError of the first option that is unknown, missing or wrong; what is wrong with the
 *   shards is told before the first step
 */
export function webDataset(options: WebDatasetOptions): Data {
  return freeze(
    declare({
      what: "webDataset",
      schema: WebDatasetData,
      fixed: { type: "webdataset" },
      defaults: { trainSize: null, ...STORED },
      options,
    }),
  );
}

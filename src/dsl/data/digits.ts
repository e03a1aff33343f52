import { type Data, DigitsData } from "../../ir/data.js";
import { declare, freeze } from "../declare.js";

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
 *
 * @throws FoveaError of the first option that is unknown or wrong
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

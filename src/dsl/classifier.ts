import { Classifier, type Head } from "../ir/network.js";
import { declare, freeze } from "./declare.js";

/**
 * Global mean, LayerNorm and a linear layer.
 *
 * @param classes - outputs of the linear layer; training takes the data's number where they differ
 */
export function classifier(classes: number): Head {
  return freeze(
    declare({
      what: "classifier",
      schema: Classifier,
      fixed: { type: "classifier" },
      options: { classes },
    }),
  );
}

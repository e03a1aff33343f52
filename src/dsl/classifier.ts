import { Classifier, type Head } from "../ir/network.js";
import { declare, freeze, readOptions } from "./declare.js";
import { unknownOption } from "./mistake.js";

/**
 * Global mean, norm and a linear layer.
 *
 * @param classes - outputs of the linear layer; training takes the data's number where they differ
 * @param options.norm - `"layer"` for LayerNorm of the mean (ConvNeXt, SLaK, PeLK), which is the
 *   default, or `"batch"` for BatchNorm before the mean (RepLKNet)
 */
export function classifier(
  classes: number,
  options: { readonly norm?: "layer" | "batch" | undefined } = {},
): Head {
  const given = readOptions("classifier", options);
  if (Object.hasOwn(given, "classes")) {
    throw unknownOption("classifier", ["classes"], given, ["norm"]);
  }
  return freeze(
    declare({
      what: "classifier",
      schema: Classifier,
      fixed: { type: "classifier" },
      defaults: { norm: "layer" },
      options: { ...given, classes },
    }),
  );
}

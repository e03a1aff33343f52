import { isDense } from "../ir/data.js";
import { FoveaError } from "../ir/error.js";
import { Experiment } from "../ir/experiment.js";
import { toSize } from "../ir/grid.js";
import { isPeer } from "../ir/trainable.js";
import { checkAgreement } from "./check-network.js";
import { checkRecipe } from "./check-recipe.js";
import { freeze, parse } from "./declare.js";

/** Least side of a scene of `digits`, in pixels. */
const SCENE = 8;

/**
 * An experiment, completed: its shape and everything its parts must agree on.
 *
 * @param value - anything
 * @throws FoveaError of the first mistake; paths start at the experiment (`network.widths[0]`)
 */
export function validateExperiment(value: unknown): Experiment {
  const experiment = parse("experiment", Experiment, value);
  const { network } = experiment;
  if (!isPeer(network)) checkAgreement(network, ["network"]);
  checkTask(experiment);
  checkScenes(experiment);
  checkRecipe(experiment.recipe);
  return freeze(experiment);
}

/** The heads of the dense tasks are not here yet; their data are read and timed. */
function checkTask({ task, data }: Experiment): void {
  if (!isDense(data)) return;
  throw new FoveaError({
    code: "FOV0001",
    message: `the task "${task}" needs a class for each image, and ${data.type} has ${data.type === "ade20k" ? "masks" : "boxes"}`,
    path: "data",
    value: data.type,
    allowed: "digits(), imageFolder() or webDataset()",
    fix: 'write data: imageFolder({ root: "…" }); `fovea bench data` takes a file whose default export is the data',
  });
}

/** A scene of `digits` has the network's input size, and a scanned digit is 8 pixels wide. */
function checkScenes({ network, data }: Experiment): void {
  const { size } = network.input;
  if (data.type !== "digits" || size === null || Math.min(...toSize(size)) >= SCENE) return;
  throw new FoveaError({
    code: "FOV0001",
    message: `scenes of digits have the network's input size, and ${toSize(size).join("×")} pixels hold no digit`,
    path: "network.input.size",
    value: size,
    allowed: `at least ${SCENE} pixels a side`,
    fix: "write size: 48",
  });
}

import { isFoveaError } from "../ir/error.js";
import type { Experiment } from "../ir/experiment.js";
import { isPeer } from "../ir/trainable.js";
import type { Python } from "../launch/python.js";
import { countPeers } from "./count-peers.js";
import type { RunObserver, RunRequest } from "./run-request.js";

/**
 * Finds out whether timm can build an experiment's peer, and says that nothing is generated for it.
 * Networks of our own pass.
 *
 * @throws FoveaError FOV0062 where it cannot, before there is a run
 */
export async function checkPeer(
  { network, recipe }: Experiment,
  python: Python,
  place: RunRequest["place"],
  observer: Pick<RunObserver, "note">,
): Promise<void> {
  if (!isPeer(network)) return;
  const peer = { ...network, dropPath: recipe.dropPath ?? network.dropPath };
  try {
    for (const { model, params, versions } of await countPeers(python, { peers: [peer], place })) {
      const size = `${params.dense} parameters as declared`;
      observer.note(
        `${model} is a model of timm ${versions.timm}, ${size}: nothing is generated or verified`,
      );
    }
  } catch (error) {
    if (!isFoveaError(error) || error.code !== "FOV0062") throw error;
    const { path = "" } = error.details;
    const isRecipe = path === "dropPath" && recipe.dropPath !== null;
    throw error.with({ path: `${isRecipe ? "recipe" : "network"}.${path}` });
  }
}

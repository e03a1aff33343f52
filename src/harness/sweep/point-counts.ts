import { account } from "../../analyse/account.js";
import { keptElements } from "../../analyse/activations.js";
import type { Experiment } from "../../ir/experiment.js";
import { contentHash } from "../../ir/hash.js";
import type { Peer } from "../../ir/peer.js";
import type { SweepPoint } from "../../ir/sweep.js";
import { isPeer, type Trainable } from "../../ir/trainable.js";
import { findPython } from "../../launch/python.js";
import { countPeers } from "../count-peers.js";
import type { SweepRequest } from "./sweep-request.js";

/** What is counted of a point's network. */
export interface NetworkCounts {
  /** All trainable parameters in training form. */
  readonly parameters: number;
  /** Multiply-adds of one image. */
  readonly macs: number;
  /** Elements of an image that a forward pass keeps; `null` for a peer, whose shapes only timm knows. */
  readonly kept: number | null;
}

/** Counts of an experiment's network. */
export type CountsOf = (experiment: Experiment) => NetworkCounts;

/**
 * Counts the networks of points, each once: ours here, all peers by one Python process.
 *
 * @throws FoveaError FOV0062 where timm cannot build a peer so, FOV0060 where Python is missing and
 *   there is a peer
 */
export async function countPoints(
  points: readonly SweepPoint[],
  { cwd, place }: Pick<SweepRequest, "cwd" | "place">,
): Promise<CountsOf> {
  const hashes = new Map<Trainable, string>();
  const counts = new Map<string, NetworkCounts>();
  const peers = new Map<string, Peer>();
  const keyOf = ({ network, recipe }: Experiment): string => {
    const hash = hashes.get(network) ?? contentHash(network);
    hashes.set(network, hash);
    return `${hash} ${!isPeer(network) && recipe.checkpointActivations}`;
  };
  for (const { experiment } of points) {
    const { network, recipe } = experiment;
    const key = keyOf(experiment);
    if (isPeer(network)) peers.set(key, network);
    else if (!counts.has(key)) {
      const card = account(network);
      const kept = keptElements(card, recipe.checkpointActivations);
      counts.set(key, { parameters: card.params.dense, macs: card.macs.dense, kept });
    }
  }
  const asked = [...peers];
  const python = asked.length === 0 ? null : findPython(cwd);
  const cards =
    python === null
      ? []
      : await countPeers(python, { peers: asked.map(([, peer]) => peer), place });
  asked.forEach(([key], index) => {
    const card = cards[index];
    if (card === undefined) throw new Error("Python counts every peer that it is given");
    counts.set(key, { parameters: card.params.dense, macs: card.macs.dense, kept: null });
  });
  return (experiment) => {
    const found = counts.get(keyOf(experiment));
    if (found === undefined) throw new TypeError("the experiment is of none of the points");
    return found;
  };
}

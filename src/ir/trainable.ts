import { z } from "zod";
import { Network } from "./network.js";
import { Peer } from "./peer.js";

/** What an experiment trains: a network of ours, or a model of timm. */
export const Trainable = z.discriminatedUnion("kind", [Network, Peer]);
export type Trainable = z.infer<typeof Trainable>;

/** Whether it is a model of timm, which is never generated. */
export function isPeer(trainable: Trainable): trainable is Peer {
  return trainable.kind === "timm";
}

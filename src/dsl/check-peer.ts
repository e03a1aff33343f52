import { Peer } from "../ir/peer.js";
import { freeze, parse } from "./declare.js";

/**
 * A peer, completed: its shape. Whether timm has the model, only Python can say.
 *
 * @param value - anything
 * @throws FoveaError of the first mistake
 */
export function validatePeer(value: unknown): Peer {
  return freeze(parse("timm", Peer, value));
}

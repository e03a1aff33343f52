import { account } from "../../analyse/account.js";
import type { Card } from "../../analyse/card.js";
import type { Size } from "../../ir/grid.js";
import type { Peer } from "../../ir/peer.js";
import type { PeerCard } from "../../ir/peer-card.js";
import { isPeer } from "../../ir/trainable.js";
import type { AnyTarget } from "../../load/load-target.js";
import { atImageSize } from "../image-size.js";

/** A network's card, or a peer's. */
export type AnyCard = Card | PeerCard;

export function isPeerCard(card: AnyCard): card is PeerCard {
  return "model" in card;
}

/**
 * A card for everything that targets declare, in their order: networks are counted here, peers by
 * Python, all of them by one process.
 *
 * @param written - `--size` as it was typed
 * @throws FoveaError FOV0040 for what is no size, FOV0021 where a map would be empty, FOV0062 where
 *   timm cannot build a peer so, FOV0060 where Python is missing and there is a peer
 */
export async function makeCards(
  targets: readonly AnyTarget[],
  written: string | undefined,
): Promise<readonly AnyCard[]> {
  const peers: { readonly peer: Peer; readonly target: AnyTarget }[] = [];
  // Networks first: their mistakes need no Python.
  const makers = targets.flatMap((target) =>
    target.trainables.map((each): Card | number => {
      if (isPeer(each)) return peers.push({ peer: each, target }) - 1;
      return atImageSize(written, (size) => account(each, size === undefined ? {} : { size }));
    }),
  );
  const size = atImageSize(written, (each) => each);
  const counted = await countAll(peers, size);
  return makers.map((card) => (typeof card === "number" ? at(counted, card) : card));
}

async function countAll(
  peers: readonly { readonly peer: Peer; readonly target: AnyTarget }[],
  size: Size | undefined,
): Promise<readonly PeerCard[]> {
  if (peers.length === 0) return [];
  const [{ findPython }, { countPeers }, { peerPlace }] = await Promise.all([
    import("../../launch/python.js"),
    import("../../harness/count-peers.js"),
    import("../../load/peer-place.js"),
  ]);
  return await countPeers(findPython(process.cwd()), {
    peers: peers.map(({ peer }) => peer),
    size,
    place: (peer) => {
      const target = peers.find((each) => each.peer === peer)?.target;
      return target && peerPlace(peer, target);
    },
  });
}

function at(cards: readonly PeerCard[], index: number): PeerCard {
  const card = cards[index];
  if (card === undefined) throw new Error(`Python counted ${cards.length} peers, not ${index + 1}`);
  return card;
}

"""`python -m fovea_runtime.count --peer JSON... [--size HxW]`.

Counts models of timm, each declared as src/ir/peer.ts has it, and prints one JSON document:
`{"peers": [card, ...]}` (src/ir/peer-card.ts), or `{"error": {index, message, path, allowed,
fix}}` with exit status 2 where one of them cannot be built so.
"""

import argparse
import json
import sys
from typing import Any

from fovea_runtime.peer.card import peer_card
from fovea_runtime.peer.error import PeerError
from fovea_runtime.peer.settle import settle


def main(words: list[str] | None = None) -> int:
    """Prints the document; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fovea_runtime.count", description=__doc__)
    parser.add_argument("--peer", action="append", required=True, type=json.loads, metavar="JSON")
    parser.add_argument("--size", type=_sides, metavar="HxW")
    options = parser.parse_args(words)
    cards: list[dict[str, Any]] = []
    for index, peer in enumerate(options.peer):
        try:
            cards.append(peer_card(settle(peer, size=options.size)))
        except PeerError as error:
            print(json.dumps({"error": {"index": index, **error.document()}}))
            return 2
    print(json.dumps({"peers": cards}))
    return 0


def _sides(text: str) -> tuple[int, int]:
    height, width = text.split("x")
    return int(height), int(width)


if __name__ == "__main__":
    sys.exit(main())

import type { PeerCard } from "../ir/peer-card.js";
import { grouped, inUnits } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

const COLUMNS: readonly Column[] = [
  ["", "left"],
  ["class", "left"],
  ["params", "right"],
  ["MACs", "right"],
];

/** A peer's card for the terminal: its parts, the totals, and what was counted. */
export function renderPeerCard(card: PeerCard): string {
  const { name, model, input, layers, params, macs, versions } = card;
  const rows = layers.map((layer) => [
    layer.name,
    layer.kind,
    inUnits(layer.params.dense),
    inUnits(layer.macs.dense),
  ]);
  return [
    `${name}  input ${input.channels}×${input.size.join("×")}`,
    `${model} of timm ${versions.timm}: a peer, trained and compared, never generated`,
    "",
    plainTable(COLUMNS, [...rows, ["total", "", grouped(params.dense), grouped(macs.dense)]]),
    "",
    "MACs: half of torch's FlopCounterMode for one image: convolutions and matrix products, attention's among them",
  ].join("\n");
}

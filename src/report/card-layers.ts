import type { Card, CardLayer } from "../analyse/card.js";
import { grouped } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

const COLUMNS: readonly Column[] = [
  ["layer", "left"],
  ["kind", "left"],
  ["weight", "right"],
  ["params", "right"],
  ["nonzero", "right"],
  ["merged", "right"],
  ["MACs", "right"],
  ["nonzero", "right"],
];

const counts = ({ params, macs }: Pick<CardLayer, "params" | "macs">): string[] =>
  [params.dense, params.nonzero, params.merged, macs.dense, macs.nonzero].map(grouped);

const row = (layer: CardLayer): string[] => [
  layer.name,
  layer.kind,
  layer.shape.join("×"),
  ...counts(layer),
];

/** Stem, downsampling, embedding, each block, head: what a layer belongs to, from its name. */
function partOf(name: string): string {
  const [part = "", stage, sub = "", block] = name.split(".");
  if (part !== "stages") return part;
  return sub === "blocks" ? `${stage}.${block}` : `${stage}.${sub}`;
}

/** A row a layer, in the order of the forward pass; an empty line between blocks. */
export function layersTable(card: Card): string {
  const rows: string[][] = [];
  let part: string | undefined;
  for (const layer of card.layers) {
    const next = partOf(layer.name);
    if (part !== undefined && next !== part) rows.push(COLUMNS.map(() => ""));
    part = next;
    rows.push(row(layer));
  }
  rows.push(
    COLUMNS.map(() => ""),
    ["total", "", "", ...counts(card)],
  );
  return plainTable(COLUMNS, rows);
}

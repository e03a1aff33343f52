import { account, type Card } from "../../analyse/account.js";
import { isShared } from "../../analyse/grid.js";
import type { GridPair } from "../../ir/grid.js";
import { contentHash } from "../../ir/hash.js";
import { isPeer, type Trainable } from "../../ir/trainable.js";
import { cardRemarks } from "../card.js";
import { countsTable } from "../card-counts.js";
import { publishedTable } from "../card-published.js";
import { kernelInWords, stagesTable } from "../card-stages.js";
import type { ModelView } from "../components/view.js";
import { gridSvg } from "../grid-svg.js";

/**
 * A network's card with its grids drawn.
 *
 * @param parameters - of a model of timm, which is counted in Python: trainable ones, by its run
 */
export function modelView(network: Trainable, parameters: number | null): ModelView {
  if (isPeer(network)) {
    return { kind: "peer", name: network.name, model: network.model, parameters };
  }
  const card = account(network);
  const { channels, size } = card.input;
  return {
    kind: "network",
    name: card.name,
    description: card.description,
    input: `${channels}×${size.join("×")}`,
    kernels: card.stages.map(kernelInWords).join("-"),
    stages: stagesTable(card),
    counts: countsTable(card),
    remarks: cardRemarks(card),
    published: card.published.length === 0 ? null : publishedTable(card),
    checks: card.checks.map(({ level, path, message }) => ({ level, text: `${path}: ${message}` })),
    grids: grids(card).map((pair) => ({ title: contentHash(pair), svg: gridSvg(pair) })),
  };
}

/** Each distinct sharing grid once; where nothing is shared, the dense kernels. */
function grids({ stages }: Card): readonly GridPair[] {
  const all = stages.flatMap(({ grid }) => grid);
  const distinct = [...new Map(all.map((pair) => [contentHash(pair), pair])).values()];
  const shared = distinct.filter(isShared);
  return shared.length > 0 ? shared : distinct;
}

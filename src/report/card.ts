import type { Card } from "../analyse/card.js";
import { countsTable } from "./card-counts.js";
import { layersTable } from "./card-layers.js";
import { publishedTable } from "./card-published.js";
import { fieldInWords, stagesTable } from "./card-stages.js";
import { grouped, percent } from "./quantity.js";
import { plainTable, type TextTable } from "./table.js";

/** A share with as many decimals as it takes to show two digits. */
const smallShare = (share: number): string =>
  share > 0 && share < 0.01 ? `${Number((100 * share).toPrecision(2))}%` : percent(share);

function largeKernelsInWords({ largeKernels, sparsity }: Card): string {
  const { dense, nonzero } = largeKernels.share;
  const fewer = sparsity === 0 ? "" : `, ${percent(nonzero)} of the nonzero ones`;
  return `large kernels: ${percent(dense)} of all MACs${fewer}, parallel branches with them`;
}

function embeddingInWords({ embeddingCost, params, stages }: Card): string[] {
  if (stages.every(({ embedding }) => embedding === false)) return [];
  const { macs, share, perTap } = embeddingCost;
  const own = macs === 0 ? "no MACs of an image" : `${smallShare(share)} of all MACs`;
  return [
    `embedding: ${grouped(params.embedding)} params, ${own}; a multiply-add a tap and block would be ${grouped(perTap.macs)}, ${smallShare(perTap.share)}`,
  ];
}

/** What the tables of counts do not say: shares, the embedding's cost, how far it sees. */
export function cardRemarks(card: Card): readonly string[] {
  const { sparsity } = card;
  return [
    ...(sparsity === 0 ? [] : [`nonzero: ${percent(sparsity)} of the weights are zero`]),
    largeKernelsInWords(card),
    ...embeddingInWords(card),
    fieldInWords(card),
  ];
}

const printed = ({ columns, rows }: TextTable): string => plainTable(columns, rows);

/**
 * The model card for the terminal: what the stages are, counts as trained, at the declared
 * sparsity and as merged by `fuse()`, published figures, and what is worth knowing.
 */
export function renderCard(card: Card, options: { readonly layers?: boolean } = {}): string {
  const { channels, size } = card.input;
  const checks = card.checks.map(
    ({ level, code, path, message }) => `${level} ${code}: ${path}: ${message}`,
  );
  return [
    `${card.name}  input ${channels}×${size.join("×")}`,
    ...(card.description === null ? [] : [card.description]),
    "",
    printed(stagesTable(card)),
    "",
    printed(countsTable(card)),
    "",
    ...cardRemarks(card),
    ...(card.published.length === 0 ? [] : ["", printed(publishedTable(card))]),
    ...(options.layers === true ? ["", layersTable(card)] : []),
    ...(checks.length === 0 ? [] : ["", ...checks]),
  ].join("\n");
}

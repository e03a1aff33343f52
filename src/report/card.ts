import type { Card, CardLayer, CardStage } from "../analyse/account.js";
import { isShared, kernelSize } from "../analyse/grid.js";
import type { Cells, GridPair, Size } from "../ir/index.js";
import { cellsInWords } from "./cells-in-words.js";
import { grouped, inUnits, percent } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

const sides = (size: Size): string => size.join("×");

/** From the outermost cell to the middle one; all of them where the two sides differ. */
function halfGrid(cells: Cells): string {
  const mirrored = cells.every((cell, index) => cell === cells[cells.length - 1 - index]);
  return mirrored ? cellsInWords(cells.slice(0, Math.ceil(cells.length / 2))) : cellsInWords(cells);
}

function gridInWords(pair: GridPair): string {
  if (!isShared(pair)) return `dense ${sides(kernelSize(pair))}`;
  const [rows, columns] = [halfGrid(pair.rows), halfGrid(pair.columns)];
  return rows === columns ? rows : `${rows} | ${columns}`;
}

function mixerInWords({ mixer, kernel, branch, embedding }: CardStage): string {
  const parts = [`${mixer} ${sides(kernel)}`];
  if (branch !== false) parts.push(`${branch}×${branch} branch`);
  if (embedding !== false) parts.push(`${embedding} embedding`);
  return parts.join(", ");
}

const STAGE_COLUMNS: readonly Column[] = [
  ["", "left"],
  ["blocks", "right"],
  ["channels", "right"],
  ["convolved", "right"],
  ["map", "right"],
  ["params", "right"],
  ["MACs", "right"],
  ["mixer", "left"],
  ["half grid", "left"],
];

function stageRow(stage: CardStage): string[] {
  return [
    `stages.${stage.index}`,
    grouped(stage.depth),
    grouped(stage.channels),
    stage.convolved === stage.channels ? "all" : grouped(stage.convolved),
    sides(stage.map),
    inUnits(stage.params.dense),
    inUnits(stage.macs.dense),
    mixerInWords(stage),
    stage.grid.map(gridInWords).join(" + "),
  ];
}

/** Stem or head: the layers whose names begin so, as one row. */
function partRow(card: Card, part: "stem" | "head"): string[] {
  const layers = card.layers.filter(({ name }) => name.startsWith(`${part}.`));
  const sum = (pick: (layer: CardLayer) => number): string =>
    inUnits(layers.reduce((total, layer) => total + pick(layer), 0));
  const params = sum((layer) => layer.params.dense);
  return [part, "", "", "", "", params, sum((layer) => layer.macs.dense), "", ""];
}

const TOTAL_COLUMNS: readonly Column[] = [
  ["", "left"],
  ["dense", "right"],
  ["nonzero", "right"],
  ["embedding", "right"],
  ["merged", "right"],
];

function totals({ params, macs, sparsity }: Card): string {
  const table = plainTable(TOTAL_COLUMNS, [
    ["params", ...[params.dense, params.nonzero, params.embedding, params.merged].map(grouped)],
    ["MACs", grouped(macs.dense), grouped(macs.nonzero), "", ""],
  ]);
  return sparsity === 0 ? table : `${table}\nnonzero: ${percent(sparsity)} of the weights are zero`;
}

/**
 * The model card for the terminal: stages, totals as trained, at the declared sparsity and as
 * merged by `fuse()`, and what is worth knowing.
 */
export function renderCard(card: Card): string {
  const { channels, size } = card.input;
  const stages = plainTable(STAGE_COLUMNS, [
    partRow(card, "stem"),
    ...card.stages.map(stageRow),
    partRow(card, "head"),
  ]);
  const checks = card.checks.map(({ level, path, message }) => `${level}: ${path}: ${message}`);
  return [
    `${card.name}  input ${channels}×${sides(size)}`,
    ...(card.description === null ? [] : [card.description]),
    "",
    stages,
    "",
    totals(card),
    ...(checks.length === 0 ? [] : ["", ...checks]),
  ].join("\n");
}

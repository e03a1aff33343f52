import type { Card, CardStage } from "../analyse/card.js";
import { isShared, kernelSize } from "../analyse/grid.js";
import type { Cells, GridPair, Size } from "../ir/index.js";
import { cellsInWords } from "./cells-in-words.js";
import { grouped } from "./quantity.js";
import type { Column, TextTable } from "./table.js";

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

const COLUMNS: readonly Column[] = [
  ["", "left"],
  ["blocks", "right"],
  ["channels", "right"],
  ["convolved", "right"],
  ["map", "right"],
  ["field", "right"],
  ["mixer", "left"],
  ["half grid", "left"],
];

/** `51`, or `51×5` where the sides differ. */
export function kernelInWords({ kernel: [height, width] }: CardStage): string {
  return height === width ? `${height}` : `${height}×${width}`;
}

/** What each stage is made of. */
export function stagesTable({ stages }: Card): TextTable {
  return {
    columns: COLUMNS,
    rows: stages.map((stage) => [
      `stages.${stage.index}`,
      grouped(stage.depth),
      grouped(stage.channels),
      stage.convolved === stage.channels ? "all" : grouped(stage.convolved),
      sides(stage.map),
      stage.receptiveField.size.map(grouped).join("×"),
      mixerInWords(stage),
      stage.grid.map(gridInWords).join(" + "),
    ]),
  };
}

/** Which units see the whole image, and from which stage on. */
export function fieldInWords({ stages, receptiveField, input }: Card): string {
  const first = (spans: readonly string[]): string | undefined => {
    const stage = stages.find((each) => spans.includes(each.receptiveField.spans));
    return stage === undefined ? undefined : `stages.${stage.index}`;
  };
  const middle = first(["middle", "every"]);
  const every = first(["every"]);
  const { size, within } = receptiveField;
  const field = `receptive field: ${size.map(grouped).join("×")} pixels`;
  const image = sides(input.size);
  if (middle === undefined) {
    return `${field}; of the ${image} image the middle unit sees ${sides(within)}`;
  }
  const from =
    middle === every
      ? `every unit spans the ${image} image from ${middle} on`
      : `the middle unit spans the ${image} image from ${middle} on, ${
          every === undefined ? "those at the border never do" : `every unit from ${every} on`
        }`;
  return `${field}; ${from}`;
}

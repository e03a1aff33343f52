import type { Card } from "../analyse/card.js";
import type { PublishedFigure } from "../analyse/published/figure.js";
import { grouped } from "./quantity.js";
import type { Column, TextTable } from "./table.js";

const COLUMNS: readonly Column[] = [
  ["published", "left"],
  ["figure", "right"],
  ["ours", "right"],
  ["difference", "right"],
  ["counted", "left"],
  ["source", "left"],
];

const QUANTITIES = { params: "params", macs: "MACs", top1: "top-1" } as const;

/** A difference of nothing is exact; any other has a sign. */
function differenceInWords(difference: number | null): string {
  if (difference === null) return "";
  if (difference === 0) return "exact";
  const percent = Math.abs(difference).toFixed(1);
  return `${difference < 0 ? "−" : "+"}${percent}%`;
}

function row(figure: PublishedFigure): string[] {
  const { network, quantity, printed, value, ours, difference, counted, note, source } = figure;
  const what = `${network} ${QUANTITIES[quantity]}`;
  return [
    note === null ? what : `${what}, ${note}`,
    printed === String(value) ? grouped(value) : printed,
    ours === null ? "" : grouped(ours),
    differenceInWords(difference),
    counted ?? "",
    source,
  ];
}

/** What is published of this network at this image size, beside fovea's count. */
export function publishedTable({ published }: Card): TextTable {
  return { columns: COLUMNS, rows: published.map(row) };
}

import type { Card, CardLayer } from "../analyse/card.js";
import { grouped, percent } from "./quantity.js";
import type { Column, TextTable } from "./table.js";

const COLUMNS: readonly Column[] = [
  ["", "left"],
  ["params", "right"],
  ["nonzero", "right"],
  ["merged", "right"],
  ["MACs", "right"],
  ["nonzero", "right"],
  ["large kernels", "right"],
];

/** The counts of a row, in the table's order. */
type Row = readonly [params: number, nonzero: number, merged: number, macs: number, fewer: number];

const NOTHING: Row = [0, 0, 0, 0, 0];

const rowOf = ({ params, macs }: Pick<CardLayer, "params" | "macs">): Row => [
  params.dense,
  params.nonzero,
  params.merged,
  macs.dense,
  macs.nonzero,
];

const combine = (a: Row, b: Row, sign: 1 | -1): Row =>
  a.map((count, column) => count + sign * (b[column] ?? 0)) as unknown as Row;

const printed = (name: string, row: Row, share = ""): string[] => [
  name,
  ...row.map(grouped),
  share,
];

/** The embedding's layer of each stage, none where there is none. */
function embeddings({ layers, stages }: Card): Row[] {
  return stages.map(({ index }) =>
    layers
      .filter(({ name, kind }) => kind === "embedding" && name.startsWith(`stages.${index}.`))
      .reduce<Row>((sum, layer) => combine(sum, rowOf(layer), 1), NOTHING),
  );
}

/**
 * Every parameter and every multiply-add once: stem, stages, head, and the embeddings of all
 * stages in a row of their own. Each column sums to its total.
 */
export function countsTable(card: Card): TextTable {
  const own = embeddings(card);
  const embedding = own.reduce((sum, row) => combine(sum, row, 1), NOTHING);
  const hasEmbedding = card.stages.some((stage) => stage.embedding !== false);
  const rows = [
    printed("stem", rowOf(card.stem)),
    ...card.stages.map((stage, index) =>
      printed(
        `stages.${stage.index}`,
        combine(rowOf(stage), own[index] ?? NOTHING, -1),
        percent(stage.largeKernels.share.dense),
      ),
    ),
    printed("head", rowOf(card.head)),
    ...(hasEmbedding ? [printed("embedding", embedding)] : []),
    printed("total", rowOf(card), percent(card.largeKernels.share.dense)),
  ];
  return { columns: COLUMNS, rows };
}

import type { Card } from "../analyse/card.js";
import type { PublishedFigure } from "../analyse/published/figure.js";
import type { Size } from "../ir/index.js";

/** One network of a comparison; null stands for what is not known of it. */
export interface ComparedNetwork {
  readonly name: string;
  /** `[height, width]` in pixels. */
  readonly input: Size | null;
  readonly params: {
    readonly dense: number;
    readonly nonzero: number | null;
    readonly embedding: number | null;
    readonly merged: number | null;
  };
  readonly macs: { readonly dense: number; readonly nonzero: number | null };
  /** Share of all dense multiply-adds, from 0 to 1. */
  readonly largeKernels: number | null;
  /** `[height, width]` in pixels. */
  readonly receptiveField: Size | null;
  readonly published: readonly PublishedFigure[];
}

/** A fovea network's row. */
export function comparedCard(card: Card): ComparedNetwork {
  return {
    name: card.name,
    input: card.input.size,
    params: card.params,
    macs: card.macs,
    largeKernels: card.largeKernels.share.dense,
    receptiveField: card.receptiveField.size,
    published: card.published,
  };
}

/** The first published figure of a quantity, as a table of results prints it. */
export function publishedFigure(
  { published }: ComparedNetwork,
  quantity: PublishedFigure["quantity"],
): PublishedFigure | undefined {
  return published.find(
    (figure) =>
      figure.quantity === quantity && figure.note === null && figure.printed !== `${figure.value}`,
  );
}

/** A quantity that is compared with the first network's, too. */
export interface ComparedCount {
  /** In a table of text. */
  readonly head: string;
  /** In CSV. */
  readonly key: string;
  /** What LaTeX tables give it in. */
  readonly unit: { readonly name: "M" | "G"; readonly size: number; readonly digits: number };
  readonly of: (network: ComparedNetwork) => number | null;
}

const M = { name: "M", size: 1e6, digits: 2 } as const;
const G = { name: "G", size: 1e9, digits: 3 } as const;

/** Counts of a comparison in the order of its columns. */
export const COMPARED_COUNTS: readonly ComparedCount[] = [
  { head: "params", key: "params_dense", unit: M, of: ({ params }) => params.dense },
  { head: "nonzero", key: "params_nonzero", unit: M, of: ({ params }) => params.nonzero },
  { head: "embedding", key: "params_embedding", unit: M, of: ({ params }) => params.embedding },
  { head: "merged", key: "params_merged", unit: M, of: ({ params }) => params.merged },
  { head: "MACs", key: "macs_dense", unit: G, of: ({ macs }) => macs.dense },
  { head: "nonzero", key: "macs_nonzero", unit: G, of: ({ macs }) => macs.nonzero },
];

/** How many times the first network's count a network has; null where there is nothing to divide. */
export function ratio(
  count: ComparedCount,
  network: ComparedNetwork,
  first: ComparedNetwork | undefined,
): number | null {
  const [own, whole] = [count.of(network), first === undefined ? null : count.of(first)];
  return own === null || whole === null || whole === 0 ? null : own / whole;
}

/** Two decimals, or two digits of what is less than a tenth. */
export function multipleInWords(multiple: number): string {
  return multiple === 0 || multiple >= 0.1
    ? multiple.toFixed(2)
    : `${Number(multiple.toPrecision(2))}`;
}

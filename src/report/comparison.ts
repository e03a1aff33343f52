import type { Card } from "../analyse/card.js";
import type { PublishedFigure } from "../analyse/published/figure.js";

/** What a row is made of: a card, or the counts alone of a model that fovea does not declare. */
export type Compared = Pick<Card, "name" | "input" | "params" | "macs"> &
  Partial<Pick<Card, "largeKernels" | "receptiveField" | "published">>;

/** The first published figure of a quantity, as a table of results prints it. */
export function publishedFigure(
  { published = [] }: Compared,
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
  readonly of: (network: Compared) => number;
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

/** How many times the first network's count a network has; null where that is nothing. */
export function ratio(
  count: ComparedCount,
  network: Compared,
  first: Compared | undefined,
): number | null {
  const whole = first === undefined ? 0 : count.of(first);
  return whole === 0 ? null : count.of(network) / whole;
}

/** Two decimals, or two digits of what is less than a tenth. */
export function multipleInWords(multiple: number): string {
  return multiple === 0 || multiple >= 0.1
    ? multiple.toFixed(2)
    : `${Number(multiple.toPrecision(2))}`;
}

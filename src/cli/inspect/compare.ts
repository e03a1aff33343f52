import { FoveaError } from "../../ir/error.js";
import { type ComparedNetwork, comparedCard } from "../../report/comparison.js";
import { comparisonCsv } from "../../report/comparison-csv.js";
import { comparisonLatex } from "../../report/comparison-latex.js";
import { comparisonTable } from "../../report/comparison-table.js";
import { cardsOf } from "./networks.js";

export const FORMATS = ["table", "csv", "latex"] as const;
type Format = (typeof FORMATS)[number];

/** A network of a comparison: its row, and what `--json` prints of it. */
interface Compared {
  readonly row: ComparedNetwork;
  readonly json: object;
}

/**
 * The networks behind each word, in the order given.
 *
 * @throws FoveaError FOV0040 where there are fewer than two, and of every word that names none
 */
export async function compareNetworks(
  words: readonly string[],
  size: string | undefined,
): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  for (const word of words) {
    const cards = await cardsOf(word, size);
    compared.push(...cards.map((card) => ({ row: comparedCard(card), json: card })));
  }
  if (compared.length >= 2) return compared;
  const names = compared.map(({ row }) => row.name);
  throw new FoveaError({
    code: "FOV0040",
    message: `--compare has ${names.length === 0 ? "no network" : `one network, ${names[0]}`}`,
    path: "--compare",
    ...(words.length === 0 ? {} : { value: words.join(" ") }),
    allowed: "two networks or more: files or shipped names",
    fix: "write fovea inspect --compare pelk_tiny pelk_base",
  });
}

/** The comparison as text; CSV lacks the line feed after its last row, which printing adds. */
export function renderComparison(compared: readonly Compared[], format: Format): string {
  const rows = compared.map(({ row }) => row);
  switch (format) {
    case "table":
      return comparisonTable(rows);
    case "csv":
      return comparisonCsv(rows).replace(/\n$/, "");
    case "latex":
      return comparisonLatex(rows);
  }
}

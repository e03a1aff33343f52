import { FoveaError } from "../../ir/error.js";
import { type AnyTarget, loadAnyTarget } from "../../load/load-target.js";
import { comparisonCsv } from "../../report/comparison-csv.js";
import { comparisonLatex } from "../../report/comparison-latex.js";
import { comparisonTable } from "../../report/comparison-table.js";
import { type AnyCard, makeCards } from "./cards.js";

export const FORMATS = ["table", "csv", "latex"] as const;
type Format = (typeof FORMATS)[number];

/**
 * The networks behind each word, in the order given.
 *
 * @throws FoveaError FOV0040 where there are fewer than two, and of every word that names none
 */
export async function cardsToCompare(
  words: readonly string[],
  size: string | undefined,
): Promise<readonly AnyCard[]> {
  const targets: AnyTarget[] = [];
  for (const word of words) targets.push(await loadAnyTarget(word, { cwd: process.cwd() }));
  const cards = await makeCards(targets, size);
  if (cards.length >= 2) return cards;
  throw new FoveaError({
    code: "FOV0040",
    message: `--compare has ${cards[0] === undefined ? "no network" : `one network, ${cards[0].name}`}`,
    path: "--compare",
    ...(words.length === 0 ? {} : { value: words.join(" ") }),
    allowed: "two networks or more: files, shipped names or timm:NAME",
    fix: "write fovea inspect --compare pelk_tiny pelk_base",
  });
}

/** The comparison as text; CSV lacks the line feed after its last row, which printing adds. */
export function renderComparison(cards: readonly AnyCard[], format: Format): string {
  switch (format) {
    case "table":
      return comparisonTable(cards);
    case "csv":
      return comparisonCsv(cards).replace(/\n$/, "");
    case "latex":
      return comparisonLatex(cards);
  }
}

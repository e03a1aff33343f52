import type { Spread } from "../../runs/seed-groups.js";

/** How the best of a column is marked; below every table of means. */
export const BEST_RULE =
  "Bold: the best mean of its column, with every mean that is no further from it than the two spreads together, √(s₁² + s₂²); nothing is bold where that is the whole column. A single run has no spread.";

/**
 * Which of some means are marked as the best (see {@link BEST_RULE}): a difference within what
 * single runs differ by anyway is no ranking.
 *
 * @param better - `null` marks nothing: which way is better is not known
 */
export function markBest(
  column: readonly (Spread | null)[],
  better: "higher" | "lower" | null,
): readonly boolean[] {
  const none = column.map(() => false);
  if (better === null) return none;
  const sign = better === "higher" ? 1 : -1;
  const found = column.filter((spread) => spread !== null);
  const [first, ...others] = found;
  if (first === undefined) return none;
  const best = others.reduce((a, b) => (sign * (b.mean - a.mean) > 0 ? b : a), first);
  const marks = column.map(
    (spread) =>
      spread !== null &&
      Math.abs(spread.mean - best.mean) <=
        Math.hypot(spread === best ? 0 : (spread.std ?? 0), best.std ?? 0),
  );
  return marks.filter(Boolean).length === found.length ? none : marks;
}

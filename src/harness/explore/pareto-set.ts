/** Something that is better higher or better lower. */
export interface Objective<T> {
  readonly better: "higher" | "lower";
  /** `null` where it is not known: what lacks one objective is compared with nothing. */
  readonly of: (each: T) => number | null;
}

/**
 * Those that no other is as good as in every objective and better than in one.
 *
 * @param tie - lower is better among those that are equal in every objective
 */
export function paretoSet<T>(
  all: readonly T[],
  objectives: readonly Objective<T>[],
  tie: (each: T) => number,
): ReadonlySet<T> {
  const scored = all.flatMap((each): Scored<T>[] => {
    const scores: number[] = [];
    for (const { better, of } of objectives) {
      const value = of(each);
      if (value === null) return [];
      scores.push(better === "higher" ? value : -value);
    }
    return [{ each, scores, tie: tie(each) }];
  });
  const kept = scored.filter((one) => !scored.some((other) => dominates(other, one)));
  return new Set(kept.map(({ each }) => each));
}

interface Scored<T> {
  readonly each: T;
  /** Higher is better. */
  readonly scores: readonly number[];
  readonly tie: number;
}

function dominates<T>(a: Scored<T>, b: Scored<T>): boolean {
  let isBetter = false;
  for (const [index, own] of a.scores.entries()) {
    const other = b.scores[index] ?? own;
    if (own < other) return false;
    if (own > other) isBetter = true;
  }
  return isBetter || a.tie < b.tie;
}

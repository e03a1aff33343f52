/** A configuration: what it costs, and how well it does. */
export interface Scored {
  readonly cost: number;
  readonly score: number;
}

/**
 * Those that no other beats in one and equals in the other, by cost.
 *
 * @param better - which way the score is better; a cost is better lower
 */
export function paretoFront<T extends Scored>(
  all: readonly T[],
  better: "higher" | "lower",
): readonly T[] {
  const sign = better === "higher" ? 1 : -1;
  const sorted = [...all].sort((a, b) => a.cost - b.cost || sign * (b.score - a.score));
  const front: T[] = [];
  for (const each of sorted) {
    const last = front.at(-1);
    const equal = last !== undefined && last.cost === each.cost && last.score === each.score;
    if (last === undefined || equal || sign * (each.score - last.score) > 0) front.push(each);
  }
  return front;
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Objective, paretoSet } from "../../../src/harness/explore/pareto-set.js";

interface Choice {
  readonly a: number;
  readonly b: number;
  readonly c: number | null;
  readonly tie: number;
}

const OBJECTIVES: readonly Objective<Choice>[] = [
  { better: "higher", of: ({ a }) => a },
  { better: "lower", of: ({ b }) => b },
  { better: "lower", of: ({ c }) => c },
];

/** By the definition, spelled out for these three. */
function isBeaten(by: Choice, one: Choice): boolean {
  if (by.c === null || one.c === null) return false;
  const asGood = by.a >= one.a && by.b <= one.b && by.c <= one.c;
  const equal = by.a === one.a && by.b === one.b && by.c === one.c;
  return asGood && (!equal || by.tie < one.tie);
}

const few = fc.integer({ min: 0, max: 4 });
const choices = fc.array(fc.record({ a: few, b: few, c: fc.option(few), tie: few }), {
  maxLength: 25,
});

test("it is what brute force leaves: nothing beats it, and something beats all else", () => {
  fc.assert(
    fc.property(choices, (all) => {
      const wanted = all.filter(
        (one) => one.c !== null && !all.some((other) => isBeaten(other, one)),
      );
      expect([...paretoSet(all, OBJECTIVES, ({ tie }) => tie)]).toEqual(wanted);
    }),
  );
});

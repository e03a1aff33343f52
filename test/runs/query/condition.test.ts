import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCondition } from "../../../src/runs/query/compile-condition.js";
import { Fields } from "../../../src/runs/query/field.js";
import { parseCondition } from "../../../src/runs/query/parse-condition.js";
import type { IndexedRun } from "../../../src/runs/run-index.js";
import { SettingsShape } from "../../../src/runs/settings-shape.js";

/** An expression with what it means: of the three metrics of a run, which may be missing. */
interface Meant {
  readonly text: string;
  readonly of: (metrics: readonly (number | null)[]) => boolean | null;
}

const METRICS = ["top1", "top5", "loss"];
const ORDERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

const comparison = fc
  .tuple(fc.nat(2), fc.constantFrom(...Object.keys(ORDERS)), fc.integer({ min: -2, max: 2 }))
  .map(
    ([metric, order, value]): Meant => ({
      text: `${METRICS[metric]}${order}${value}`,
      of: (metrics) => {
        const seen = metrics[metric] ?? null;
        return seen === null ? null : (ORDERS[order]?.(seen, value) ?? null);
      },
    }),
  );

/** The least precedence of operators in a text: 0 of ||, 1 of &&, 2 of a comparison. */
type Level = 0 | 1 | 2;
interface Leveled extends Meant {
  readonly level: Level;
}

const inside = ({ text, level }: Leveled, least: Level): string =>
  level < least ? `(${text})` : text;

/** Kleene's logic, by its tables: no conjunct false and none unknown is true. */
const and = (a: boolean | null, b: boolean | null) =>
  [a, b].includes(false) ? false : [a, b].includes(null) ? null : true;
const or = (a: boolean | null, b: boolean | null) =>
  [a, b].includes(true) ? true : [a, b].includes(null) ? null : false;

const { meant } = fc.letrec<{ meant: Leveled }>((tie) => ({
  meant: fc.oneof(
    { maxDepth: 5 },
    comparison.map((leaf): Leveled => ({ ...leaf, level: 2 })),
    tie("meant").map(
      (one): Leveled => ({
        text: `!(${one.text})`,
        of: (metrics) => {
          const truth = one.of(metrics);
          return truth === null ? null : !truth;
        },
        level: 2,
      }),
    ),
    fc.tuple(tie("meant"), tie("meant")).map(
      ([a, b]): Leveled => ({
        text: `${inside(a, 1)} && ${inside(b, 1)}`,
        of: (metrics) => and(a.of(metrics), b.of(metrics)),
        level: 1,
      }),
    ),
    fc.tuple(tie("meant"), tie("meant")).map(
      ([a, b]): Leveled => ({
        text: `${inside(a, 0)}||${inside(b, 0)}`,
        of: (metrics) => or(a.of(metrics), b.of(metrics)),
        level: 0,
      }),
    ),
  ),
}));

const run = (values: readonly (number | null)[]): IndexedRun => ({
  row: {
    metrics: Object.fromEntries(METRICS.map((name, at) => [name, values[at] ?? null])),
  } as never,
  shape: new SettingsShape([]),
  settings: "[]",
});

test("operators bind and decide as their tables say, whatever stands in them", () => {
  const value = fc.option(fc.integer({ min: -2, max: 2 }), { nil: null });
  fc.assert(
    fc.property(meant, fc.tuple(value, value, value), ({ text, of }, metrics) => {
      const written = { option: "--where", text };
      const test = compileCondition(parseCondition(written), new Fields([]), written);
      expect(test(run(metrics))).toBe(of(metrics));
    }),
  );
});

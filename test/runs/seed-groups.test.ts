import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demo } from "../../src/dsl/zoo/demo.js";
import { groupBySeeds, type Seeded, spreadOf, unseededHash } from "../../src/runs/seed-groups.js";

const row = (
  run: string,
  seed: number,
  top1: number | null,
  more: Partial<Seeded> = {},
): Seeded => ({
  run,
  status: "completed",
  unseeded: "a",
  seed,
  started: 0,
  metrics: { top1 },
  replayOf: null,
  ...more,
});

describe("groupBySeeds", () => {
  test("a replay is no sample: it may have trained another package", () => {
    const rows = [row("a-1", 0, 90), row("a-2", 0, 10, { started: 1, replayOf: "a-1" })];
    expect(groupBySeeds(rows)[0]?.metrics["top1"]?.mean).toBe(90);
    expect(groupBySeeds(rows.slice(1))).toEqual([]);
  });

  test("means, sample standard deviations and counts, as a table gives them", () => {
    // statistics.mean and statistics.stdev of Python 3.11.
    const rows = [row("a-1", 2, 94.9), row("a-2", 0, 95.8), row("a-3", 1, 95.2)];
    const [group, ...others] = groupBySeeds(rows);
    expect(others).toEqual([]);
    expect(group?.runs.map(({ run }) => run)).toEqual(["a-2", "a-3", "a-1"]);
    expect(group?.metrics["top1"]?.mean).toBeCloseTo(95.3, 12);
    expect(group?.metrics["top1"]?.std).toBeCloseTo(0.45825756949558305, 12);
    expect(group?.metrics["top1"]?.n).toBe(3);
  });

  test("only completed runs count, and of one seed the run that started last", () => {
    const groups = groupBySeeds([
      row("a-1", 0, 10, { started: 5 }),
      row("a-2", 0, 20, { started: 9 }),
      row("a-3", 0, 30, { started: 7 }),
      row("a-4", 1, 40, { status: "failed" }),
      row("b-1", 0, 50, { unseeded: "b" }),
    ]);
    expect(groups.map(({ runs }) => runs.map(({ run }) => run))).toEqual([["a-2"], ["b-1"]]);
    expect(groups[0]?.metrics).toEqual({ top1: { mean: 20, std: null, n: 1 } });
  });

  test("a metric that a run lacks, or has no finite value of, is none of its samples", () => {
    const rows = [
      row("a-1", 0, 10),
      row("a-2", 1, null),
      row("a-3", 2, 30, { metrics: { top1: 30, miou: 4 } }),
    ];
    const [group] = groupBySeeds(rows);
    expect(group?.metrics["top1"]).toEqual({ mean: 20, std: Math.sqrt(200), n: 2 });
    expect(group?.metrics["miou"]).toEqual({ mean: 4, std: null, n: 1 });
    expect(groupBySeeds([row("a-1", 0, null)])[0]?.metrics).toEqual({});
  });
});

test("the spread is that of the textbook's formula, and moves with its values", () => {
  const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(values, fc.integer({ min: -1e9, max: 1e9 }), (whole, shift) => {
      const n = whole.length;
      const sum = whole.reduce((a, b) => a + b, 0);
      const squares = whole.reduce((a, b) => a + b * b, 0);
      const spread = spreadOf(whole.map((value) => value + shift));
      expect(spread?.mean).toBeCloseTo(sum / n + shift, 5);
      expect(spread?.std).toBeCloseTo(Math.sqrt((n * squares - sum * sum) / n / (n - 1)), 5);
    }),
  );
  expect(spreadOf([])).toBeNull();
});

test("experiments that are equal but for the seed have one identity", () => {
  const base = demo();
  expect(unseededHash({ ...base, seed: 7 })).toBe(unseededHash(base));
  expect(unseededHash({ ...base, name: "other" })).not.toBe(unseededHash(base));
});

import { describe, expect, test } from "vitest";
import { markBest } from "../../../src/report/sweep/best.js";

const spread = (mean: number, std: number | null = null) => ({
  mean,
  std,
  n: std === null ? 1 : 3,
});

describe("the best of a column", () => {
  test.each([
    [
      "alone above the spreads",
      [
        [80, 0.3],
        [82, 0.4],
        [79, 1],
      ],
      "higher",
      [false, true, false],
    ],
    // √(0.6² + 0.8²) = 1: a difference of one is no ranking.
    [
      "with what is within the two spreads together",
      [
        [81, 0.6],
        [82, 0.8],
        [79, 0.1],
      ],
      "higher",
      [true, true, false],
    ],
    [
      "a hair beyond them",
      [
        [80.999, 0.6],
        [82, 0.8],
        [79, 0.1],
      ],
      "higher",
      [false, true, false],
    ],
    [
      "lower where that is better",
      [
        [0.5, 0.01],
        [0.4, 0.01],
      ],
      "lower",
      [false, true],
    ],
    [
      "nothing where that is the whole column",
      [
        [81, 1],
        [82, 1],
      ],
      "higher",
      [false, false],
    ],
    [
      "nothing where the better way is not known",
      [
        [1, 0],
        [2, 0],
      ],
      null,
      [false, false],
    ],
    [
      "single runs by their figures",
      [
        [1, null],
        [2, null],
      ],
      "higher",
      [false, true],
    ],
    [
      "equal ones together",
      [
        [2, null],
        [2, null],
        [1, null],
      ],
      "higher",
      [true, true, false],
    ],
  ] as const)("%s", (_, column, better, marks) => {
    expect(
      markBest(
        column.map(([mean, std]) => spread(mean, std)),
        better,
      ),
    ).toEqual(marks);
  });

  test("a row without the metric is none", () => {
    expect(markBest([null, spread(1), spread(2)], "higher")).toEqual([false, false, true]);
    expect(markBest([null, null], "higher")).toEqual([false, false]);
  });
});

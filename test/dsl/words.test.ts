import { expect, test } from "vitest";
import { z } from "zod";
import {
  ade20k,
  coco,
  digits,
  experiment,
  grid,
  imageFolder,
  pelk,
  stripes,
  voc,
  webDataset,
} from "../../src/dsl/index.js";
import { wordsFor } from "../../src/dsl/mistake.js";

/** Ways to every value in a declared object. */
function ways(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return path.length > 0 ? [path] : [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const own = path.length > 0 ? [path] : [];
  return [...own, ...entries.flatMap(([key, each]) => ways(each, [...path, key]))];
}

test("every option of every object has words of its own", () => {
  const mixers = [
    grid({ rows: [1, 1, 1], columns: [3] }),
    stripes({ kernel: [51, 49] }),
    ...pelk("tiny").mixers.slice(2),
  ];
  const network = pelk("tiny", { mixers, input: { channels: 3, size: [224, 224] } } as never);
  const shards = webDataset({ train: "t.tar", validation: "v.tar", classes: 10 });
  const classified = [digits(), imageFolder({ root: "r" }), shards];
  const declared = [
    ...classified.map((data) => experiment({ name: "a", network, data })),
    ...[ade20k({ root: "r" }), coco({ root: "r" }), voc({ root: "r" })],
  ];
  for (const each of declared) {
    for (const path of ways(each)) {
      const words = wordsFor(path, each);
      expect(words.allowed, path.join(".")).not.toBe("another value");
      expect(words.example).not.toBe("");
    }
  }
});

test("words say what the schema takes: the examples of numbers are allowed", () => {
  const number = z.coerce.number();
  for (const name of ["kernel", "centre", "partial", "lr", "batch", "widen"]) {
    const { example } = wordsFor([name], {});
    const value = example
      .split("/")
      .map(Number)
      .reduce((a, b) => a / b);
    expect(number.parse(value)).toBeGreaterThan(0);
  }
});

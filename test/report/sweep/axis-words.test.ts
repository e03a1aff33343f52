import { expect, test } from "vitest";
import { axisKey, axisWords, distinctWords } from "../../../src/report/sweep/axis-words.js";

test.each([
  [51, "51"],
  [[51, 49, 47], "51, 49, 47"],
  [[[51, 5], 13], "51, 5, 13"],
  [false, "false"],
  [null, "none"],
  [undefined, "none"],
  ["a\u001b[31mb", "a\\x1b[31mb"],
  [{ name: "pelk_tiny", depths: [3] }, "pelk_tiny"],
  [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
])("%j is %s", (value, words) => {
  expect(axisWords(value)).toBe(words);
});

test("values that would read the same are told apart", () => {
  const [a, b] = [
    { name: "net", kernel: 3 },
    { name: "net", kernel: 5 },
  ];
  const words = distinctWords([a, b, a, 7]);
  expect(words.get(axisKey(7))).toBe("7");
  expect(words.get(axisKey(a))).toMatch(/^net #[0-9a-f]{4}$/);
  expect(words.get(axisKey(a))).not.toBe(words.get(axisKey(b)));
});

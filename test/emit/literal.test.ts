import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  pythonComment,
  pythonFloat,
  pythonLiteral,
  pythonNumber,
  pythonString,
  pythonTuple,
} from "../../src/emit/literal.js";

/** What Python's own parser makes of literals, as JSON. */
function readByPython(literals: readonly string[]): unknown {
  const program = [
    "import ast, json, sys",
    "print(json.dumps([ast.literal_eval(text) for text in json.load(sys.stdin)]))",
  ].join("\n");
  const output = execFileSync("python3", ["-c", program], { input: JSON.stringify(literals) });
  return JSON.parse(output.toString());
}

const hostile = [
  "",
  "plain",
  '"',
  '"""',
  "'",
  "\\",
  "\\n",
  "a\nb\r\nc\td",
  "\0\u0001\u007f\u0085",
  "{{name}} {{{x}}} {{#if}}",
  "é ü 漢字",
  "\u2028\u2029\u202e\ufeff",
  "\u{1f441}\u{10ffff}",
  "\ud800",
  "#{y} %s {z} $(x)",
  '"; import os; os.system("x") #',
  "\\N{BULLET}",
  "# noqa: F401",
];

describe("pythonString", () => {
  test("comes back exactly, and is printable ASCII in one line", () => {
    expect(readByPython(hostile.map(pythonString))).toEqual(hostile);
    for (const text of hostile) expect(pythonString(text)).toMatch(/^"[ -~]*"$/);
  });

  test("holds for any text", () => {
    const texts = fc.sample(fc.string({ unit: "binary", maxLength: 40 }), 500);
    expect(readByPython(texts.map(pythonString))).toEqual(texts);
  });
});

describe("numbers", () => {
  test("keep their exact value", () => {
    const numbers = [
      0,
      1,
      -7,
      0.1,
      1 / 3,
      1e-6,
      1e-7,
      5e-324,
      1e21,
      1.7976931348623157e308,
      2 ** 53,
    ];
    expect(readByPython(numbers.map(pythonNumber))).toEqual(numbers);
    expect(readByPython(numbers.map(pythonFloat))).toEqual(numbers);
  });

  test("hold for any double", () => {
    const numbers = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 500);
    expect(readByPython(numbers.map(pythonNumber))).toEqual(numbers);
  });

  test("floats are floats", () => {
    expect([1, 0, -0, 1e20, 1e-7, 0.5, 1e21].map(pythonFloat)).toEqual([
      "1.0",
      "0.0",
      "-0.0",
      "100000000000000000000.0",
      "1e-7",
      "0.5",
      "1e+21",
    ]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("%d has no literal", (value) => {
    expect(() => pythonNumber(value)).toThrow(RangeError);
  });
});

test("tuples have the comma that one element needs", () => {
  expect(pythonTuple([1])).toBe("(1,)");
  expect(pythonTuple([1, 2])).toBe("(1, 2)");
});

test("nested values come back with their keys in order", () => {
  const value = { b: [1, 0.5, null, true, false, "x"], a: { 'ke"y': [] } };
  expect(readByPython([pythonLiteral(value)])).toEqual([value]);
  expect(pythonLiteral(value)).toMatch(/^\{"b".*"a"/);
});

test("a comment stays one line and holds no other directive", () => {
  for (const text of hostile) expect(pythonComment(text)).toMatch(/^[ !"$-~]*$/);
  expect(pythonComment("a\nimport os # noqa")).toBe("a\\x0aimport os \\x23 noqa");
});

import { describe, expect, test } from "vitest";
import { formatPython } from "../../src/emit/format.js";

describe("formatPython", () => {
  test("formats as ruff does", () => {
    expect(formatPython('"""D."""\nx = { "a":1 }', "x.py")).toBe('"""D."""\n\nx = {"a": 1}\n');
  });

  test("lists every finding with its place, rule and line", () => {
    const text = '"""D."""\n\nimport os\nimport json\n';
    expect(() => formatPython(text, "x.py")).toThrow(/x\.py:3:1: I001 .*\n\s+import os/);
    expect(() => formatPython(text, "x.py")).toThrow(/x\.py:3:8: F401 .*`os`/);
    expect(() => formatPython(text, "x.py")).toThrow(/x\.py:4:8: F401 .*`json`/);
  });

  test("says where text is not Python", () => {
    expect(() => formatPython("def f(:\n", "x.py")).toThrow(/x\.py is not Python/);
    expect(() => formatPython("match = 1\nexcept* X:\n", "x.py")).toThrow(/x\.py/);
  });
});

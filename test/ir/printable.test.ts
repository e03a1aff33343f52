import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printable, showValue } from "../../src/ir/printable.js";

test("letters of any alphabet stay, what a terminal would obey is escaped", () => {
  expect(printable("größe 模型 🧠")).toBe("größe 模型 🧠");
  expect(printable("a\n\r\t\u0000\u001b[31m\u009b\u2028\u202e\ud800")).toBe(
    "a\\n\\r\\t\\x00\\x1b[31m\\x9b\\u2028\\u202e\\ud800",
  );
});

test("any value is shown in one printable line, cut at its length", () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withMap: true, withSet: true }), (value) => {
      const shown = showValue(value, 80);
      expect(shown).toBe(printable(shown));
      expect(shown.length).toBeLessThanOrEqual(81);
    }),
  );
  expect(showValue("x".repeat(500))).toHaveLength(201);
});

test("values read as they were written", () => {
  expect(showValue("51")).toBe('"51"');
  expect(showValue([51, 5n, null])).toBe("[ 51, 5n, null ]");
  expect(showValue(-0)).toBe("-0");
});

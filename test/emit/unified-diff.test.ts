import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unifiedDiff } from "../../src/emit/unified-diff.js";

const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `line ${i}`);

describe("unifiedDiff", () => {
  test("shows a change with its neighbours", () => {
    const before = lines(20);
    const after = before.with(10, "changed");
    expect(unifiedDiff(before.join("\n"), after.join("\n"), "a.py").split("\n")).toEqual([
      "--- a.py (emitted)",
      "+++ a.py (on disk)",
      "@@ line 9 @@",
      " line 8",
      " line 9",
      "-line 10",
      "+changed",
      " line 11",
      " line 12",
    ]);
  });

  test("keeps changes that lie far apart apart", () => {
    const after = lines(40).with(5, "a").toSpliced(30, 0, "b");
    const diff = unifiedDiff(lines(40).join("\n"), after.join("\n"), "a.py");
    expect(diff.match(/^@@/gm)).toHaveLength(2);
    expect(diff).toContain("\n+b\n");
  });

  test("escapes what a terminal would obey, and cuts what is long", () => {
    expect(unifiedDiff("a", "a\u001b[31mred", "a.py")).toContain("+a\\x1b[31mred");
    const long = unifiedDiff("", lines(500).join("\n"), "a.py").split("\n");
    expect(long.length).toBeLessThan(70);
    expect(long.at(-1)).toMatch(/^… \d+ more lines$/);
  });

  test("its marked lines rebuild both texts", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = unifiedDiff(before.join("\n"), after.join("\n"), "x").split("\n").slice(2);
        const removed = diff.filter((line) => line.startsWith("-")).length;
        const added = diff.filter((line) => line.startsWith("+")).length;
        expect(before.length - removed).toBe(after.length - added);
        if (before.join() === after.join()) expect(diff).toEqual([]);
      }),
    );
  });
});

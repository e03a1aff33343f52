import { expect, test } from "vitest";
import { applySpans } from "../../src/retarget/edit.js";

const span = (start: number, end: number, text: string) => ({ file: "/a.ts", start, end, text });

test("pieces are replaced in any order, and one that is named twice once", () => {
  const pieces = [span(4, 5, "two"), span(0, 1, "one"), span(4, 5, "two")];
  expect(applySpans("1 + 2;", pieces)).toBe("one + two;");
  expect(applySpans("1 + 2;", pieces.toReversed())).toBe("one + two;");
});

test("a piece inside another goes with it, what comes in at its edges stays", () => {
  expect(applySpans("f(1, 2)", [span(0, 7, "g"), span(2, 3, "9"), span(4, 4, "!")])).toBe("g");
  expect(applySpans("f(1)", [span(2, 3, "9"), span(3, 3, ", 8"), span(2, 2, "7, ")])).toBe(
    "f(7, 9, 8)",
  );
});

test("what comes in at one place keeps its order", () => {
  expect(applySpans("[]", [span(1, 1, "a"), span(1, 1, "b"), span(1, 1, "c")])).toBe("[abc]");
});

test("line ends become those of the file, and its byte order mark stays", () => {
  expect(applySpans("\ufeff1;\r\n2;", [span(0, 1, "a\nb")])).toBe("\ufeffa\r\nb;\r\n2;");
});

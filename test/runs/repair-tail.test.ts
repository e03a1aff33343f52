import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { repairTail } from "../../src/runs/repair-tail.js";
import { ended, evaluated, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const whole = eventLines([start(), step(1), evaluated(1, { top1: 1 }), ended()]);

function repaired(events: string): { text: string; tail: ReturnType<typeof repairTail> } {
  const { directory } = writeRun(temporaryFolder(), { events });
  const tail = repairTail(directory);
  return { text: readFileSync(join(directory, "events.jsonl"), "utf8"), tail };
}

test("cut anywhere, it ends with a whole event and nothing that was whole is lost", () => {
  const lines = whole.split(/(?<=\n)/);
  const cuts = lines.map((_, index) => lines.slice(0, index + 1).join("").length);
  const { directory } = writeRun(temporaryFolder());
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
      const { text, tail } = repaired(whole.slice(0, length));
      // Only the newline may be missing for an event to be whole.
      const events = cuts.filter((end) => end - 1 <= length && length > 0).length;
      expect(text).toBe(lines.slice(0, events).join(""));
      expect(tail.size).toBe(text.length);
      expect(tail.last?.seq ?? -1).toBe(events - 1);
    }),
    { numRuns: 60 },
  );
  expect(directory).not.toBe("");
});

describe("what stands there", () => {
  test("is left alone where it is in order", () => {
    const { text, tail } = repaired(whole);
    expect(text).toBe(whole);
    expect(tail).toMatchObject({ size: whole.length, last: { type: "run_end", seq: 3 } });
  });

  test("is passed over where it is corrupt but ended", () => {
    const events = `${whole}rubbish\n\n`;
    const { text, tail } = repaired(events);
    expect(text).toBe(events);
    expect(tail.last).toMatchObject({ type: "run_end" });
  });

  test("may be longer than a block", () => {
    const long = eventLines([{ type: "warning", message: "é".repeat(200_000) }], 4);
    const { text, tail } = repaired(whole + long + long.slice(0, 150_000));
    expect(text).toBe(whole + long);
    expect(tail.last?.seq).toBe(4);
  });

  test("may be nothing", () => {
    const { directory } = writeRun(temporaryFolder());
    rmSync(join(directory, "events.jsonl"));
    expect(repairTail(directory)).toEqual({ size: 0, last: null });
    expect(repaired("").tail).toEqual({ size: 0, last: null });
  });
});

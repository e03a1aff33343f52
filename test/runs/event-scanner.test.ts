import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/ir/event.js";
import { EventScanner, type LineProblem } from "../../src/runs/event-scanner.js";
import { ended, evaluated, eventLines, start, step } from "../support/runs.js";

function scan(chunks: readonly Buffer[]): {
  events: Event[];
  problems: LineProblem[];
  rest: string;
} {
  const events: Event[] = [];
  const problems: LineProblem[] = [];
  const scanner = new EventScanner({
    event: (event) => events.push(event),
    problem: (problem) => problems.push(problem),
  });
  for (const chunk of chunks) scanner.push(chunk);
  return { events, problems, rest: scanner.rest };
}

const whole = eventLines([
  start(),
  { type: "warning", message: "naïve 𝄞 \n" },
  step(1),
  step(2, null),
  evaluated(2, { top1: 12.5, loss: null }),
  ended(),
]);

test("the cuts between chunks do not matter, not even inside a character", () => {
  const bytes = Buffer.from(whole + whole.slice(0, 40));
  const expected = scan([bytes]);
  expect(expected.events).toHaveLength(6);
  expect(expected.problems).toEqual([]);
  expect(expected.rest).toBe(whole.slice(0, 40));
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(scan(chunks)).toEqual(expected);
    }),
  );
});

describe("a line that is no event is named by its number, and the others are read", () => {
  test.each([
    ["not JSON", "{"],
    ["not JSON", ""],
    ["not JSON", "\u0000\u0000\u0000"],
    ["not an object", "7"],
    ["not an object", "null"],
    ["version", '{"seq":1}'],
    ["version 2", '{"v":2,"seq":1,"time":1,"type":"warning","message":""}'],
    ["seq", '{"v":1,"seq":-1,"time":1,"type":"warning","message":""}'],
    ["time", '{"v":1,"seq":1,"time":"now","type":"warning","message":""}'],
    ["unknown type", '{"v":1,"seq":1,"time":1,"type":"toString"}'],
    ["step", '{"v":1,"seq":1,"time":1,"type":"step","step":1}'],
    ["status", '{"v":1,"seq":1,"time":1,"type":"run_end","status":"running","reason":null}'],
  ])("%s: %j", (message, line) => {
    const lines = eventLines([start(), step(1)])
      .trimEnd()
      .split("\n");
    const { events, problems } = scan([Buffer.from(`${lines[0]}\n${line}\n${lines[1]}\n`)]);
    expect(events.map(({ type }) => type)).toEqual(["run_start", "step"]);
    expect(problems).toEqual([{ line: 2, message: expect.stringContaining(message) }]);
  });
});

test("a line that never ends is not held in memory", () => {
  const rubbish = Buffer.alloc(16 * 1024 * 1024, "x");
  const scanner: { problems: LineProblem[]; events: Event[] } = { problems: [], events: [] };
  const reader = new EventScanner({
    event: (event) => scanner.events.push(event),
    problem: (problem) => scanner.problems.push(problem),
  });
  for (let n = 0; n < 6; n += 1) reader.push(rubbish);
  expect(reader.rest).toBe("");
  reader.push(Buffer.from(`\n${eventLines([start()])}`));
  expect(scanner.problems).toEqual([{ line: 1, message: "longer than 64 MiB" }]);
  expect(scanner.events).toHaveLength(1);
});

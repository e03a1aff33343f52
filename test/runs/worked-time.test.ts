import { expect, test } from "vitest";
import type { Event } from "../../src/ir/event.js";
import { WorkedTime } from "../../src/runs/worked-time.js";
import { type EventBody, ended, start, step } from "../support/runs.js";

const warning: EventBody = { type: "warning", message: "careful" };

function worked(...events: readonly (readonly [time: number, body: EventBody])[]): WorkedTime {
  const time = new WorkedTime();
  events.forEach(([at, body], seq) => {
    time.event({ v: 1, seq, time: at, ...body } as Event);
  });
  return time;
}

test("a run without events has none", () => {
  expect(worked()).toMatchObject({ worked: 0, first: null, last: null });
});

test("the pause of a resumed run does not count, nor a warning on the way to its start", () => {
  const killed = worked([10, start()], [14, step(1)], [1000, start(1)], [1005, step(2)]);
  expect(killed).toMatchObject({ worked: 9, first: 10, last: 1005 });
  const warned = worked([10, start()], [14, step(1)], [998, warning], [1000, start(1)]);
  expect(warned.worked).toBe(4);
  const over = worked([10, start()], [14, ended("failed")], [998, warning], [1000, start(1)]);
  expect(over.worked).toBe(4);
});

test("a run that failed again before it started takes no time from its pause", () => {
  expect(worked([10, start()], [14, ended("failed")], [900, ended("failed")]).worked).toBe(4);
});

test("a clock that an editor turned back takes nothing away", () => {
  expect(worked([10, start()], [14, step(1)], [5, start(1)], [6, step(2)]).worked).toBe(5);
});

import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Event } from "../../src/ir/event.js";
import { followEvents } from "../../src/runs/follow-events.js";
import { until } from "../support/harness.js";
import { ended, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

test("a file that is not there yet, and grows by pieces of lines", async () => {
  const { directory } = writeRun(temporaryFolder());
  const path = join(directory, "events.jsonl");
  rmSync(path);
  const seen: Event[] = [];
  const follower = followEvents(directory, { event: (event) => seen.push(event) });
  const text = eventLines([start(), step(1), ended()]);
  appendFileSync(path, text.slice(0, 30));
  await until(() => seen.length === 0);
  appendFileSync(path, text.slice(30, -5));
  await until(() => seen.length === 2);
  appendFileSync(path, text.slice(-5));
  follower.stop();
  expect(seen.map(({ type }) => type)).toEqual(["run_start", "step", "run_end"]);
  appendFileSync(path, eventLines([step(2)], 3));
  follower.stop();
  expect(seen).toHaveLength(3);
});

test("what an earlier part wrote is skipped", async () => {
  const text = eventLines([start(), step(1)]);
  const { directory } = writeRun(temporaryFolder(), { events: text });
  const seen: Event[] = [];
  const follower = followEvents(directory, { event: (event) => seen.push(event) }, text.length);
  appendFileSync(join(directory, "events.jsonl"), eventLines([step(2)], 2));
  follower.stop();
  expect(seen.map(({ seq }) => seq)).toEqual([2]);
});

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RunList } from "../../src/ui/run-list.js";
import { until } from "../support/harness.js";
import { writeManyRuns } from "../support/many-runs.js";
import { request, serve } from "../support/page-server.js";
import { start, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

test("thousands of runs: what is sent after the first time is what has changed", async () => {
  const home = temporaryFolder();
  const ids = writeManyRuns(home, 3000);
  const { port, token } = await serve(home);
  const { body } = await request(port, `/api/runs?token=${token}`);
  expect(JSON.parse(body).runs).toHaveLength(3000);
  const list = new RunList(home);
  expect(await list.rows()).toHaveLength(3000);
  const { version } = list;
  const stop = await list.follow(() => {});
  rmSync(join(home, "runs", ids[1999] ?? ""));
  writeRun(home, { counter: 2000, status: "cancelled", events: [start()] });
  await until(() => list.changesSince(version).rows.length > 0);
  stop();
  expect(list.changesSince(version)).toMatchObject({
    rows: [{ run: ids[1999], status: "cancelled" }],
    removed: [],
  });
  expect(list.changesSince(list.version)).toEqual({ rows: [], removed: [] });
}, 120_000);

test("a folder that is no run, or not yet, stops nothing", async () => {
  const home = temporaryFolder();
  mkdirSync(join(home, "runs", "empty-1"), { recursive: true });
  const list = new RunList(home);
  const stop = await list.follow(() => {});
  expect(await list.rows()).toEqual([]);
  const { id, directory } = writeRun(home);
  await until(() => list.changesSince(0).rows.length === 1);
  writeFileSync(join(directory, "run.json"), "{");
  // It was written in place: its folder has the time that it had, its events another one.
  writeFileSync(join(directory, "events.jsonl"), "");
  await until(() => list.changesSince(0).removed.includes(id));
  stop();
});

test("a home that is not there has no runs, until it is", async () => {
  const home = join(temporaryFolder(), "none");
  const list = new RunList(home);
  const stop = await list.follow(() => {});
  expect(await list.rows()).toEqual([]);
  const { id } = writeRun(home);
  await until(() => list.changesSince(0).rows.some(({ run }) => run === id));
  stop();
});

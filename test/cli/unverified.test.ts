import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/run.js";
import type { Event } from "../../src/ir/event.js";
import { readRunRecord } from "../../src/runs/records.js";
import { runCommand } from "../support/command.js";
import { fakePython, onlyRun } from "../support/harness.js";

const run = (...words: string[]) => runCommand(command, ["run", ...words]);

const unverified = (events: readonly Event[]) =>
  events.filter((event) => event.type === "warning" && event.message.includes("not verified"));

function recorded(directory: string): boolean {
  const record = readRunRecord(directory);
  if ("problem" in record) throw new Error(record.problem);
  return record.value.unverified;
}

/** The modules that Python was started with, in order. */
function started(home: string): readonly string[] {
  const calls = readFileSync(join(home, "log"), "utf8").trim().split("\n");
  return calls.filter((call) => call.startsWith("-m")).map((call) => call.slice("-m,".length));
}

test("kernels that fail refuse the run, and --unverified is named", async () => {
  const home = fakePython("verify-fails");
  vi.stubEnv("FAKE_LOG", join(home, "log"));
  const { exit, stderr } = await run("demo");
  expect(exit).toBe(1);
  expect(stderr).toContain("--unverified");
  const { directory, status, events } = onlyRun(home);
  expect(status).toMatchObject({
    status: "failed",
    reason: expect.stringMatching(/^the kernels are not verified: dgrad is off by 0\.3/),
  });
  expect(recorded(directory)).toBe(false);
  expect(unverified(events)).toEqual([]);
  expect(started(home)).toEqual(["fovea_runtime.verify"]);
});

test("--unverified trains with them, verifies nothing, and both records say so", async () => {
  const home = fakePython("verify-fails");
  vi.stubEnv("FAKE_LOG", join(home, "log"));
  const { exit, stderr } = await run("demo", "--unverified");
  expect(exit).toBe(0);
  expect(started(home)).toEqual(["fovea_runtime.train"]);
  expect(stderr.match(/warning: the kernels are not verified \(--unverified\)/g)).toHaveLength(1);
  expect(stderr).not.toContain("verifying");
  const { directory, status, events } = onlyRun(home);
  expect(status).toMatchObject({ status: "completed" });
  expect(recorded(directory)).toBe(true);
  expect(unverified(events)).toMatchObject([{ seq: 0 }]);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
});

test("without it nothing is said of it", async () => {
  const home = fakePython("completes");
  await run("demo");
  const { directory, events } = onlyRun(home);
  expect(recorded(directory)).toBe(false);
  expect(unverified(events)).toEqual([]);
});

test("a resumed run is verified again, unless told not to", async () => {
  const home = fakePython("crashes");
  await run("demo", "--unverified");
  const { id } = onlyRun(home);
  vi.stubEnv("FAKE_TRAINING", "verify-fails");
  expect((await run("--resume", id)).exit).toBe(1);
  expect(unverified(onlyRun(home).events)).toHaveLength(1);
  expect((await run("--resume", id, "--unverified")).exit).toBe(0);
  const { events } = onlyRun(home);
  expect(unverified(events)).toHaveLength(2);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
});

test("a record from before there was a choice is one of a verified run", async () => {
  const home = fakePython("crashes");
  await run("demo");
  const { id, directory } = onlyRun(home);
  const path = join(directory, "run.json");
  const { unverified: _, ...old } = JSON.parse(readFileSync(path, "utf8")) as object & {
    unverified: boolean;
  };
  writeFileSync(path, JSON.stringify(old));
  expect(recorded(directory)).toBe(false);
  vi.stubEnv("FAKE_TRAINING", "completes");
  expect((await run("--resume", id)).exit).toBe(0);
});

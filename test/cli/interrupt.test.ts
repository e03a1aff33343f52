import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import * as runsCommand from "../../src/cli/commands/runs.js";
import { isAlive } from "../../src/launch/process-identity.js";
import { processesOf } from "../../src/launch/processes-of.js";
import { runCommand } from "../support/command.js";
import { fakePython, onlyRun, onlyStatus, startFovea, until } from "../support/harness.js";

const runs = (...words: string[]) => runCommand(runsCommand, ["runs", ...words]);

/** Waits until training is under way; its process. */
async function training(home: string): Promise<{ pid: number; started: string | null }> {
  return await until(() => {
    const { status, events } = onlyRun(home);
    const { pid, started } = status;
    const stepped = events.some(({ type }) => type === "step");
    return status.status === "running" && stepped && pid !== null && { pid, started };
  });
}

const TORCHRUN = ["--launcher", "torchrun", "--nproc", "2"];

/** All processes of torchrun and its ranks are gone. */
async function treeGone(directory: string): Promise<void> {
  await until(() => processesOf(directory).every((each) => !isAlive(each)));
}

describe("Ctrl-C", () => {
  test.each([
    ["SIGINT", "to the whole group", true, []],
    ["SIGINT", "to fovea alone", false, []],
    ["SIGTERM", "to fovea alone", false, []],
    ["SIGHUP", "to fovea alone", false, []],
    ["SIGUSR1", "to fovea alone", false, []],
    ["SIGINT", "to the whole group", true, TORCHRUN],
    ["SIGTERM", "to fovea alone", false, TORCHRUN],
  ] as const)("%s %s: checkpoint, run_end, exit 130 (%j, %j)", async (signal, _, whole, more) => {
    const home = fakePython("hangs");
    const { child, group, ended } = startFovea(["run", "demo", "--json", ...more]);
    const python = await training(home);
    process.kill(whole ? group : (child.pid ?? 0), signal);
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const { id, directory, status, events } = onlyRun(home);
    expect(JSON.parse(stdout)).toEqual({
      run: id,
      status: "cancelled",
      dir: directory,
      metrics: {},
    });
    expect(status).toMatchObject({ status: "cancelled", pid: null });
    // The signal is passed on as it came.
    const reason = `${signal} after step 1`;
    expect(events.at(-1)).toMatchObject({ type: "run_end", status: "cancelled", reason });
    await treeGone(directory);
    expect(existsSync(join(directory, "checkpoints", "last.pt"))).toBe(true);
    expect(isAlive(python)).toBe(false);
  });

  test.each([
    ["one process", []],
    ["torchrun and all its processes", TORCHRUN],
  ])("twice kills a training that does not listen: %s", async (_, more) => {
    const home = fakePython("deaf");
    const { group, ended } = startFovea(["run", "demo", "--json", ...more]);
    const python = await training(home);
    process.kill(group, "SIGINT");
    // What npm passes on at once is the same press.
    process.kill(group, "SIGINT");
    await sleep(1200);
    expect(isAlive(python)).toBe(true);
    process.kill(group, "SIGINT");
    expect((await ended).code).toBe(130);
    expect(isAlive(python)).toBe(false);
    await treeGone(onlyRun(home).directory);
    expect(onlyRun(home).events.at(-1)).toMatchObject({ type: "run_end", status: "cancelled" });
  });

  test("while the kernels are verified", async () => {
    const home = fakePython("verify-hangs");
    const { group, ended } = startFovea(["run", "demo", "--json"]);
    await until(() => onlyStatus(home).status === "queued");
    await sleep(300);
    process.kill(group, "SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: "cancelled" });
    expect(onlyRun(home).events).toMatchObject([{ type: "run_end", status: "cancelled" }]);
  });
});

test.each([
  ["one process", []],
  ["torchrun", TORCHRUN],
])("runs cancel, from elsewhere: the waiting command exits 130: %s", async (_, more) => {
  const home = fakePython("hangs");
  const { ended } = startFovea(["run", "demo", "--json", ...more]);
  await training(home);
  const { id } = onlyRun(home);
  expect((await runs("rm", id)).exit).toBe(2);
  const cancelled = await runs("cancel", id, "--json");
  expect(cancelled).toMatchObject({ exit: 0 });
  expect(cancelled.json()).toMatchObject({ run: id, status: "cancelled" });
  expect((await ended).code).toBe(130);
  expect(await runs("cancel", id)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining("not running"),
  });
});

test.each([
  ["one process", []],
  ["torchrun", TORCHRUN],
])("fovea killed: training goes on, runs list, tail and cancel reach it: %s", async (_, more) => {
  const home = fakePython("hangs");
  const { child, ended } = startFovea(["run", "demo", ...more]);
  const python = await training(home);
  const { id } = onlyRun(home);
  child.kill("SIGKILL");
  await ended;
  expect(isAlive(python)).toBe(true);
  expect((await runs("list", "--json")).json()).toMatchObject({ runs: [{ status: "running" }] });
  const tail = runs("tail", id);
  await runs("cancel", id);
  expect(await tail).toMatchObject({ exit: 0, stdout: expect.stringContaining("cancelled") });
  expect(isAlive(python)).toBe(false);
});

test.each([
  ["one process", []],
  ["the first of two", TORCHRUN],
])("training killed from outside: lost, with the signal, exit 1: %s", async (_, more) => {
  const home = fakePython("hangs");
  const { ended } = startFovea(["run", "demo", "--json", ...more]);
  process.kill((await training(home)).pid, "SIGKILL");
  const { code, stdout } = await ended;
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ status: "lost" });
  expect(onlyRun(home).events.at(-1)).toMatchObject({
    type: "run_end",
    reason: expect.stringContaining("SIGKILL"),
  });
});

test("both killed: it is shown lost, and can go on", async () => {
  const home = fakePython("hangs");
  const { group, ended } = startFovea(["run", "demo"]);
  await training(home);
  process.kill(group, "SIGKILL");
  await ended;
  const { id } = onlyRun(home);
  expect((await runs("list", "--json")).json()).toMatchObject({
    runs: [{ status: "lost", reason: expect.stringContaining("gone") }],
  });
  const again = startFovea(["run", "--resume", id, "--json"]);
  await until(() => onlyRun(home).events.filter(({ type }) => type === "run_start").length === 2);
  await runs("cancel", id);
  expect((await again.ended).code).toBe(130);
});

test("a resume that is cancelled while it starts prints the run as it stands", async () => {
  const home = fakePython("crashes");
  expect((await startFovea(["run", "demo"]).ended).code).toBe(1);
  const { id, directory } = onlyRun(home);
  vi.stubEnv("FAKE_TRAINING", "probe-hangs");
  const again = startFovea(["run", "--resume", id, "--json"]);
  await until(() => existsSync(join(home, "probing")));
  process.kill(again.group, "SIGINT");
  const { code, stdout } = await again.ended;
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toEqual({ run: id, status: "failed", dir: directory, metrics: {} });
});

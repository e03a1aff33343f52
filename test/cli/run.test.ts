import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/run.js";
import * as runsCommand from "../../src/cli/commands/runs.js";
import { contentHash } from "../../src/ir/hash.js";
import { RunRecord } from "../../src/ir/run.js";
import { runCommand } from "../support/command.js";
import { fakePython, onlyRun } from "../support/harness.js";
import { writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const run = (...words: string[]) => runCommand(command, ["run", ...words]);
const runs = (...words: string[]) => runCommand(runsCommand, ["runs", ...words]);

describe("a run that completes", () => {
  test("leaves its record and prints its metrics", async () => {
    const home = fakePython("completes");
    const outcome = await run("demo", "--json");
    expect(outcome.exit).toBe(0);
    const { id, directory, status, events } = onlyRun(home);
    const metrics = { top1: 91.25, loss: 0.25 };
    expect(outcome.json()).toEqual({ run: id, status: "completed", dir: directory, metrics });
    expect(status).toMatchObject({ status: "completed", pid: null });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));

    const record = RunRecord.parse(JSON.parse(readFileSync(join(directory, "run.json"), "utf8")));
    expect(record.run).toBe(id);
    expect(id).toBe(`demo-${record.hash.slice(0, 8)}-1`);
    expect(record.hash).toBe(contentHash(record.experiment));
    expect(record.versions).toMatchObject({ python: "3.12.0", torch: "2.15.0", triton: null });
    expect(record.device.requested).toBe("auto");
    expect(existsSync(join(directory, record.package ?? "none", "manifest.json"))).toBe(true);
    expect(readFileSync(join(directory, "stdout.log"), "utf8")).toBe("said on stdout\n");
    expect(readdirSync(directory).filter((name) => /tmp|lock/.test(name))).toEqual([]);
    expect(readdirSync(home).sort()).toEqual(["index.sqlite", "runs"]);
  });

  test("says on stderr what it does, with nothing that a terminal obeys", async () => {
    const home = fakePython("completes");
    const { stdout, stderr } = await run("demo");
    expect(stdout).toContain("91.25");
    expect(stdout).toContain(onlyRun(home).id);
    expect(stderr).toMatch(/training on cpu: 4 steps/);
    expect(stderr).toContain("kernels: 1 layer fft (a large kernel on the CPU)");
    expect(stderr).toContain("warning: the classifier has \\x1b[31m10 classes");
    expect(stderr).toMatch(/eval step 4 {2}top1 91\.25/);
    expect(stderr).not.toContain("\u001b");
  });

  test("verifies its kernels before it trains, with what FOVEA_PYTHON names", async () => {
    const home = fakePython("completes");
    vi.stubEnv("FAKE_LOG", join(home, "log"));
    await run("demo", "--device", "cpu");
    const calls = readFileSync(join(home, "log"), "utf8").trim().split("\n");
    expect(calls.filter((call) => call.startsWith("-m"))).toEqual([
      "-m,fovea_runtime.verify",
      "-m,fovea_runtime.train",
    ]);
  });

  test("has its settings changed by --set, and another hash", async () => {
    const home = fakePython("completes");
    const set = ["--set", "recipe.lr=0.01", "--set", "network.mixers[0].kernel=21"];
    expect((await run("demo", ...set, "--set", "name=another")).exit).toBe(0);
    const { directory } = onlyRun(home);
    const { experiment } = RunRecord.parse(
      JSON.parse(readFileSync(join(directory, "run.json"), "utf8")),
    );
    expect(experiment.recipe.lr).toBe(0.01);
    expect(experiment.network).toMatchObject({ mixers: [{ kernel: 21 }, {}] });
    expect(directory).toContain("/another-");
    expect(readdirSync(join(directory, "package", "pelk_digits", "kernels"))).toContain(
      "peripheral_21x21_c5.py",
    );
  });

  test("runs side by side with another of the same experiment", async () => {
    const home = fakePython("completes");
    const outcomes = await Promise.all([run("demo", "--json"), run("demo", "--json")]);
    expect(outcomes.map(({ exit }) => exit)).toEqual([0, 0]);
    const ids = readdirSync(join(home, "runs"));
    expect(ids.map((id) => id.slice(-2)).sort()).toEqual(["-1", "-2"]);
  });
});

describe("a run that goes wrong exits 1, and both its records say why", () => {
  test.each([
    ["crashes", "failed", /RuntimeError: the sky fell.*exit code 3/],
    ["dies-first", "failed", /ImportError: no module named torch.*exit code 1/],
    ["silent", "failed", /exit code 0/],
    ["killed-first", "lost", /SIGKILL/],
    ["torn", "lost", /SIGKILL/],
    ["segfaults", "lost", /SIGSEGV/],
    ["out-of-memory", "out_of_memory", /CUDA out of memory/],
    ["diverges", "diverged", /step 2/],
    ["verify-fails", "failed", /verified.*dgrad is off by 0.3/],
    ["verify-dies", "failed", /verified.*killed by SIGSEGV/],
  ])("%s: %s", async (training, status, reason) => {
    const home = fakePython(training);
    const outcome = await run("demo", "--json");
    const found = onlyRun(home);
    expect(outcome.exit).toBe(1);
    expect(outcome.json()).toMatchObject({ run: found.id, status, dir: found.directory });
    expect(found.status).toMatchObject({
      status,
      reason: expect.stringMatching(reason),
      pid: null,
    });
    expect(found.events.at(-1)).toMatchObject({
      type: "run_end",
      status,
      reason: found.status.reason,
    });
    expect(found.events.map(({ seq }) => seq)).toEqual(found.events.map((_, index) => index));
    expect(outcome.stderr).toMatch(reason);
    expect(outcome.stderr).not.toMatch(/\bat .*(src|dist)\//);
  });

  test("a crash shows Python's last lines and where the log is", async () => {
    const home = fakePython("crashes");
    const { stderr } = await run("demo");
    expect(stderr).toContain("Traceback (most recent call last):\n  RuntimeError: the sky fell");
    expect(stderr).toContain(join(onlyRun(home).directory, "stderr.log"));
  });

  test("a mistake that Python refuses is told without its traceback, one inside torch with it", async () => {
    fakePython("refuses");
    const refused = (await run("demo")).stderr;
    expect(refused).toContain("failed: ValueError: there is no folder /nowhere: name another");
    expect(refused).toContain("run the experiment anew");
    expect(refused).not.toContain("Traceback");
    fakePython("fails-inside");
    const failed = (await run("demo")).stderr;
    expect(failed).toContain("Traceback");
    expect(failed).not.toContain("run the experiment anew");
  });

  test("divergence and lack of memory come with what to try", async () => {
    fakePython("diverges");
    expect((await run("demo")).stderr).toContain("--set recipe.lr=");
    fakePython("out-of-memory");
    expect((await run("demo")).stderr).toContain("--set recipe.batch=");
  });
});

describe("a mistake exits 2 before there is a run", () => {
  test.each([
    [[], "FOV0003", /needs an experiment/],
    [["nothing.ts"], "FOV0030", /nothing\.ts/],
    [["bad\u001b[31m.ts"], "FOV0030", /bad\\u001b\[31m\.ts/],
    [["pelk_tiny"], "FOV0034", /takes an experiment/],
    [["demo", "--set", "recipe.lr"], "FOV0040", /path=value/],
    [["demo", "--set", "recipe.learningrate=1"], "FOV0041", /recipe\.learningrate/],
    [["demo", "--set", "recipe.lr=fast"], "FOV0001", /recipe\.lr/],
    [["demo", "--set", "network.mixers[0].kernel=50"], "FOV0010", /50/],
    [["demo", "--device", "cuda"], "FOV0040", /no CUDA device/],
    [["demo", "--resume", "demo-00000000-1"], "FOV0070", /no run/],
    [["--resume", "../../etc"], "FOV0070", /no run/],
  ])("%j: %s", async (words, code, text) => {
    const home = fakePython("completes");
    const { exit, json, stderr } = await run(...words, "--json");
    expect(exit).toBe(2);
    expect(json()).toMatchObject({ error: { code } });
    expect(stderr).toMatch(text);
    expect(stderr).not.toContain("\u001b");
    expect(readdirSync(home)).toEqual([]);
  });

  test("no Python, or none that can train", async () => {
    const home = fakePython("completes");
    vi.stubEnv("FOVEA_PYTHON", join(home, "no", "python"));
    expect(await run("demo")).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(join(home, "no", "python")),
    });
    expect(readdirSync(home)).toEqual([]);
  });
});

test.each(["under a file", "/proc/nothing"])("a home that cannot be written: %s", async (where) => {
  const folder = fakePython("completes");
  writeFileSync(join(folder, "file"), "");
  const home = where.startsWith("/") ? where : join(folder, "file");
  vi.stubEnv("FOVEA_HOME", home);
  const { exit, json, stderr } = await run("demo", "--json");
  expect(exit).toBe(1);
  expect(json()).toMatchObject({ error: { code: "FOV0051" } });
  expect(stderr).toMatch(new RegExp(`${home}.*(ENOTDIR|ENOENT|EEXIST)`));
  expect(readdirSync(folder)).toEqual(["file"]);
});

describe("--resume", () => {
  test("goes on in the same run, without naming the file again", async () => {
    const home = fakePython("crashes");
    await run("demo");
    const { id, events: before } = onlyRun(home);
    vi.stubEnv("FAKE_TRAINING", "completes");
    const outcome = await run("--resume", id, "--json");
    expect(outcome).toMatchObject({ exit: 0 });
    expect(outcome.json()).toMatchObject({ run: id, status: "completed" });
    const { events } = onlyRun(home);
    expect(events.slice(0, before.length)).toEqual(before);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    const starts = events.filter(({ type }) => type === "run_start");
    expect(starts).toMatchObject([{ step: 0 }, { step: 2 }]);
    // What was told before is not told again.
    expect(outcome.stderr.match(/training on cpu/g)).toHaveLength(1);
  });

  test("takes the same file, and refuses another spec", async () => {
    const home = fakePython("crashes");
    await run("demo");
    const { id } = onlyRun(home);
    const other = await run("demo", "--set", "seed=7", "--resume", id);
    expect(other).toMatchObject({ exit: 2, stderr: expect.stringContaining("another experiment") });
    expect(onlyRun(home).events.at(-1)).toMatchObject({ type: "run_end", status: "failed" });
    vi.stubEnv("FAKE_TRAINING", "completes");
    expect((await run("demo", "--resume", id)).exit).toBe(0);
  });

  test("refuses a completed run and a live one", async () => {
    const home = fakePython("completes");
    await run("demo");
    const { id } = onlyRun(home);
    expect(await run("--resume", id)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("completed"),
    });
    const live = writeRun(temporaryFolder(), { status: "running", pid: process.pid });
    vi.stubEnv("FOVEA_HOME", join(live.directory, "..", ".."));
    expect(await run("--resume", live.id)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("still running"),
    });
  });

  test("a crash before the first event of the second part is told as such", async () => {
    const home = fakePython("crashes");
    await run("demo");
    vi.stubEnv("FAKE_TRAINING", "dies-first");
    expect((await run("--resume", onlyRun(home).id)).exit).toBe(1);
    const { events } = onlyRun(home);
    expect(events.filter(({ type }) => type === "run_end")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ reason: expect.stringContaining("ImportError") });
  });

  test("a torn last line is cut off before it goes on", async () => {
    const home = fakePython("completes");
    const { id, directory } = writeRun(home, { status: "failed", events: '{"v":1,"se' });
    mkdirSync(join(directory, "package"), { recursive: true });
    expect((await run("--resume", id)).exit).toBe(0);
    expect((await runs("show", id, "--json")).json()).toMatchObject({
      status: "completed",
      problems: [],
    });
  });
});

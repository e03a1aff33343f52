import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as runsCommand from "../../src/cli/commands/runs.js";
import { isAlive } from "../../src/launch/process-identity.js";
import { processesOf } from "../../src/launch/processes-of.js";
import { runCommand } from "../support/command.js";
import { fakePython, startFovea, until } from "../support/harness.js";
import { allRuns, rowsOf, trainings, writeSweep } from "../support/sweep-runs.js";
import { temporaryFolder } from "../support/temporary.js";

const SEEDS = [0, 1, 2, 3];

/** A sweep of four runs that last a while, and a log of every call of Python. */
function small(training = "lasts", lasts = 600): { home: string; file: string; log: string } {
  const home = fakePython(training);
  const folder = temporaryFolder();
  const log = join(folder, "calls");
  writeFileSync(log, "");
  vi.stubEnv("FAKE_CALLS", log);
  vi.stubEnv("FAKE_LASTS", String(lasts));
  return { home, log, file: writeSweep(folder, {}, SEEDS) };
}

/** Waits until some runs are being trained. */
async function running(home: string, count = 1): Promise<ReturnType<typeof allRuns>> {
  return await until(() => {
    const found = allRuns(home).filter(({ status }) => status === "running");
    return found.length >= count && found;
  });
}

/** Every point is completed by exactly one run, and no training of it ever ran beside another. */
function complete(home: string, stdout: string): void {
  const rows = rowsOf(stdout);
  expect(rows.map(({ status }) => status)).toEqual(SEEDS.map(() => "completed"));
  const runs = allRuns(home);
  const completed = runs.filter(({ status }) => status === "completed");
  expect(new Set(completed.map(({ hash }) => hash)).size).toBe(SEEDS.length);
  expect(completed).toHaveLength(SEEDS.length);
  for (const { directory } of completed) expect(overlaps(directory)).toBe(false);
}

/** Whether a run was completed twice, or its events were written by two at once. */
function overlaps(directory: string): boolean {
  const events = readFileSync(join(directory, "events.jsonl"), "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as { seq: number; type: string; status?: string }];
      } catch {
        return [];
      }
    });
  const seqs = events.map(({ seq }) => seq);
  const ends = events.filter(({ type, status }) => type === "run_end" && status === "completed");
  return ends.length !== 1 || seqs.some((seq, index) => seq !== index);
}

const goOn = async (file: string, ...words: string[]) =>
  await startFovea(["sweep", file, "--json", ...words]).ended;

describe("kill -9", () => {
  test("of the coordinator, again and again: it continues, and its trainings are waited for", async () => {
    const { home, file, log } = small();
    for (const pause of [0, 700]) {
      const { child, ended } = startFovea(["sweep", file, "--slots", "2"]);
      await running(home, pause === 0 ? 2 : 1);
      await sleep(pause);
      child.kill("SIGKILL");
      await ended;
    }
    const { code, stdout } = await goOn(file, "--slots", "2");
    expect(code).toBe(0);
    complete(home, stdout);
    // No training was killed, so none was started twice.
    expect([...trainings(log).values()]).toEqual([1, 1, 1, 1]);
    expect(allRuns(home)).toHaveLength(4);
    expect(readdirSync(home).sort()).not.toContain("claims");
  });

  test("of the coordinator before its training has said a word", async () => {
    const { home, file } = small("lasts", 100);
    const { child, ended } = startFovea(["sweep", file]);
    await until(() => allRuns(home).length === 1);
    child.kill("SIGKILL");
    await ended;
    const { code, stdout } = await goOn(file);
    expect(code).toBe(0);
    complete(home, stdout);
    expect(allRuns(home)).toHaveLength(4);
  });

  test("of a run: it goes on in its own folder", async () => {
    const { home, file } = small();
    const { ended } = startFovea(["sweep", file, "--json"]);
    const [first] = await running(home);
    const { pid } = JSON.parse(readFileSync(join(first?.directory ?? "", "status.json"), "utf8"));
    process.kill(pid, "SIGKILL");
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/lost.*SIGKILL.*tried again/);
    complete(home, stdout);
    expect(allRuns(home)).toHaveLength(4);
  });

  test("of both", async () => {
    const { home, file } = small();
    const { group, ended } = startFovea(["sweep", file, "--slots", "2"]);
    const [first] = await running(home, 2);
    process.kill(group, "SIGKILL");
    await ended;
    await until(() => !processesOf(first?.directory ?? "").some(isAlive));
    const { code, stdout } = await goOn(file, "--slots", "2");
    expect(code).toBe(0);
    complete(home, stdout);
    expect(allRuns(home)).toHaveLength(4);
  });
});

test("two coordinators run each point once, and both end well", async () => {
  const { home, file, log } = small("lasts", 300);
  const both = await Promise.all([goOn(file, "--slots", "2"), goOn(file, "--slots", "2")]);
  for (const { code, stdout } of both) {
    expect(code).toBe(0);
    complete(home, stdout);
  }
  expect([...trainings(log).values()]).toEqual([1, 1, 1, 1]);
  expect(allRuns(home)).toHaveLength(4);
});

test("Ctrl-C: all that train end cancelled, nothing more is started, the JSON is printed", async () => {
  const { home, file } = small("lasts", 60_000);
  const { group, ended } = startFovea(["sweep", file, "--slots", "2", "--json"]);
  await running(home, 2);
  process.kill(group, "SIGINT");
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(rowsOf(stdout).map(({ status }) => status)).toEqual([
    "cancelled",
    "cancelled",
    "new",
    "new",
  ]);
  vi.stubEnv("FAKE_LASTS", "50");
  const again = await goOn(file);
  expect(again.code).toBe(0);
  expect(allRuns(home)).toHaveLength(4);
});

test("a Ctrl-C reaches a training that an earlier coordinator left", async () => {
  const { home, file } = small("lasts", 60_000);
  const first = startFovea(["sweep", file]);
  await running(home);
  first.child.kill("SIGKILL");
  await first.ended;
  const { child, ended } = startFovea(["sweep", file, "--json"]);
  const [run] = allRuns(home);
  const directory = run?.directory ?? "";
  await until(() =>
    readdirSync(directory)
      .filter((name) => name.startsWith("owner.lock"))
      .some((name) => readFileSync(join(directory, name), "utf8").includes(`"pid":${child.pid}`)),
  );
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(rowsOf(stdout)[0]).toMatchObject({ status: "cancelled", run: run?.id });
});

/** Mounts a small file system; `null` with the reason where that is not permitted. */
function mounted(options: string): { folder: string } | { why: string } {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
  });
  return { folder };
}

test("a full disk ends the sweep with the system's reason, and room lets it go on", async ({
  skip,
}) => {
  const { file } = small("lasts", 50);
  const disk = mounted("size=400k");
  if ("why" in disk) return skip(disk.why);
  vi.stubEnv("FOVEA_HOME", disk.folder);
  const filler = join(disk.folder, "filler");
  writeFileSync(filler, Buffer.alloc(200 * 1024));
  const { code, stdout, stderr } = await goOn(file);
  expect(code).toBe(1);
  expect(stderr).toMatch(/ENOSPC/);
  expect(rowsOf(stdout)).toHaveLength(4);
  expect(execFileSync("find", [disk.folder, "-name", "*.tmp"]).toString()).toBe("");
  rmSync(filler);
  execFileSync("mount", ["-o", "remount,size=20m", disk.folder]);
  const again = await goOn(file);
  expect(again.code).toBe(0);
  complete(disk.folder, again.stdout);
});

test("a home that cannot be written is told before anything is trained", async ({ skip }) => {
  const { file, log } = small();
  const disk = mounted("ro,size=1m");
  if ("why" in disk) return skip(disk.why);
  vi.stubEnv("FOVEA_HOME", disk.folder);
  const { code, stdout, stderr } = await goOn(file);
  expect(code).toBe(1);
  expect(stderr).toMatch(/EROFS/);
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
  expect(error).toMatchObject({ code: "FOV0051", message: expect.stringMatching(/EROFS/) });
  expect(rowsOf(stdout)).toHaveLength(SEEDS.length);
  expect(readFileSync(log, "utf8")).not.toMatch(/fovea_runtime.train/);
  expect((await goOn(file, "--plan")).code).toBe(0);
});

test("clocks that run back stop nothing", async () => {
  const { home, file, log } = small("lasts", 100);
  const folder = temporaryFolder();
  // Every look at the clock is a minute before the last one, in the coordinator and in the trainings.
  const clock = join(folder, "clock.cjs");
  writeFileSync(clock, "let now = Date.now(); Date.now = () => (now -= 60_000);");
  vi.stubEnv("NODE_OPTIONS", `--require ${clock}`);
  const first = startFovea(["sweep", file]);
  await running(home);
  first.child.kill("SIGKILL");
  await first.ended;
  // A run that says to have begun tomorrow.
  const [run] = allRuns(home);
  execFileSync("touch", [
    "-d",
    "tomorrow",
    ...["run.json", "status.json", "events.jsonl"].map((name) => join(run?.directory ?? "", name)),
  ]);
  const { code, stdout } = await goOn(file, "--slots", "2");
  expect(code).toBe(0);
  complete(home, stdout);
  expect([...trainings(log).values()]).toEqual([1, 1, 1, 1]);
});

test("folders that are half written, edited by hand, torn or removed meanwhile; the index too", async () => {
  const { home, file } = small("lasts", 1500);
  const first = startFovea(["sweep", file, "--slots", "2"]);
  const [torn, edited] = await running(home, 2);
  process.kill(first.group, "SIGKILL");
  await first.ended;
  if (torn === undefined || edited === undefined) throw new Error("two run");
  appendFileSync(join(torn.directory, "events.jsonl"), 'garbage\n{"v":1,"seq":9,"ty');
  // Another experiment than its hash says, and said to be completed.
  const record = JSON.parse(readFileSync(join(edited.directory, "run.json"), "utf8"));
  record.experiment.recipe.lr = 0.5;
  writeFileSync(join(edited.directory, "run.json"), JSON.stringify(record));
  writeFileSync(join(edited.directory, "status.json"), JSON.stringify({ status: "completed" }));
  mkdirSync(join(home, "runs", torn.id.replace(/\d+$/, "7")));
  writeFileSync(join(home, "runs", torn.id.replace(/\d+$/, "7"), "run.json"), '{"v":1,');

  const second = startFovea(["sweep", file, "--slots", "2", "--json"]);
  writeFileSync(join(home, "index.sqlite"), "this is no database");
  const removed = await until(() => {
    const found = allRuns(home).find(
      ({ status, id }) => status === "running" && id !== torn.id && id !== edited.id,
    );
    return found;
  });
  // At once: its training still writes into it.
  renameSync(removed.directory, join(temporaryFolder(), "removed"));
  rmSync(join(home, "index.sqlite"), { force: true });
  const { code, stdout, stderr } = await second.ended;
  expect(stderr).toContain(`${edited.id} does not count`);
  expect(stderr).toMatch(/removed while it ran.*tried again/);
  expect(code).toBe(0);
  const rows = rowsOf(stdout);
  expect(rows.map(({ status }) => status)).toEqual(SEEDS.map(() => "completed"));
  expect(rows.map(({ run }) => run)).toContain(torn.id);
  expect(rows.map(({ run }) => run)).not.toContain(edited.id);
  const shown = await runCommand(runsCommand, ["runs", "show", torn.id, "--json"]);
  expect(shown.json()).toMatchObject({
    status: "completed",
    problems: [{ message: expect.stringContaining("not JSON") }],
  });
  expect(existsSync(join(home, "index.sqlite"))).toBe(true);
});

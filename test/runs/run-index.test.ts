import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { execa } from "execa";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { startOf } from "../../src/launch/process-identity.js";
import { examineRun } from "../../src/runs/examine-run.js";
import { lastLinesStart } from "../../src/runs/last-lines-start.js";
import { readEvents } from "../../src/runs/read-events.js";
import { lastRecorded } from "../../src/runs/repair-tail.js";
import { listRuns } from "../../src/runs/run-index.js";
import { evaluated, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const FOVEA = fileURLToPath(new URL("../../bin/fovea.js", import.meta.url));

/** Until a file's next change is sure to change its times. */
const settled = () => sleep(100);
const ids = async (home: string) => (await listRuns(home)).map(({ run }) => run);

test("a row has the metrics of the last evaluation, unchanged", async () => {
  const home = temporaryFolder();
  const metrics = { top1: 1 / 3, loss: null };
  const { id, directory } = writeRun(home, {
    events: [start(), evaluated(1, { top1: 5, loss: 2 }), evaluated(2, metrics), step(3)],
  });
  expect(await listRuns(home)).toEqual([
    expect.objectContaining({ run: id, status: "completed", dir: directory, metrics, step: 3 }),
  ]);
});

test("a checkpoint that reaches the disk later does not turn the steps back", async () => {
  const home = temporaryFolder();
  const late = {
    type: "checkpoint" as const,
    path: "checkpoints/last.pt",
    sha256: "0".repeat(64),
    step: 3,
  };
  writeRun(home, { events: [start(), step(3), step(4), late] });
  expect((await listRuns(home))[0]?.step).toBe(4);
});

test("a run that stopped between two steps that are told has made those of its checkpoint", async () => {
  const home = temporaryFolder();
  const checkpoint = {
    type: "checkpoint" as const,
    path: "checkpoints/last.pt",
    sha256: "0".repeat(64),
    step: 14,
  };
  writeRun(home, { events: [start(), step(10), checkpoint] });
  // A restart from an older checkpoint turns the steps back.
  writeRun(home, { counter: 2, events: [start(), step(20), checkpoint, start(14)] });
  expect((await listRuns(home)).map((row) => row.step)).toEqual([14, 14]);
});

describe("the folders are the truth", () => {
  test("events that the system refuses to read hide no other run, and are named", async () => {
    const home = temporaryFolder();
    const { id } = writeRun(home);
    const folder = writeRun(home, { counter: 2 });
    rmSync(join(folder.directory, "events.jsonl"), { force: true });
    mkdirSync(join(folder.directory, "events.jsonl"));
    const looped = writeRun(home, { counter: 3 });
    rmSync(join(looped.directory, "events.jsonl"), { force: true });
    symlinkSync("events.jsonl", join(looped.directory, "events.jsonl"));
    symlinkSync("loop-1", join(home, "runs", "loop-1"));
    expect((await ids(home)).sort()).toEqual([id, folder.id, looped.id].sort());
    expect(examineRun(home, folder.id).problems).toEqual([
      { line: 1, message: "cannot be read: EISDIR" },
    ]);
    expect(examineRun(home, looped.id).problems).toEqual([
      { line: 1, message: "cannot be read: ELOOP" },
    ]);
    expect(await readEvents(folder.directory, { event: () => {} })).toEqual({ bytes: 0, lines: 0 });
    const none = { skip: 0, line: 0 };
    expect(lastLinesStart(join(folder.directory, "events.jsonl"), 5)).toEqual(none);
    expect(lastRecorded(folder.directory)).toBeNull();
  });

  test("one that is copied in is listed, one that is removed is not, rubbish stops nothing", async () => {
    const home = temporaryFolder();
    const { id, directory } = writeRun(home);
    expect(await ids(home)).toEqual([id]);
    cpSync(directory, join(home, "runs", "copied-1"), { recursive: true });
    mkdirSync(join(home, "runs", "empty-1"));
    mkdirSync(join(home, "runs", "broken-1"));
    writeFileSync(join(home, "runs", "broken-1", "run.json"), "{");
    writeFileSync(join(home, "runs", "file-1"), "");
    expect((await ids(home)).sort()).toEqual(["copied-1", id].sort());
    rmSync(directory, { recursive: true });
    expect(await ids(home)).toEqual(["copied-1"]);
  });

  test("what is appended to a run's events is seen", async () => {
    const home = temporaryFolder();
    const { directory } = writeRun(home);
    expect((await listRuns(home))[0]?.metrics).toEqual({ top1: 50, loss: 1.5 });
    appendFileSync(join(directory, "events.jsonl"), eventLines([evaluated(4, { top1: 60 })], 4));
    expect((await listRuns(home))[0]?.metrics).toEqual({ top1: 60 });
  });

  test("a home that was moved is listed where it is", async () => {
    const home = temporaryFolder();
    const moved = join(temporaryFolder(), "moved");
    const { id } = writeRun(home);
    await listRuns(home);
    renameSync(home, moved);
    expect((await listRuns(moved))[0]?.dir).toBe(join(moved, "runs", id));
    mkdirSync(home);
  });
});

describe("the index", () => {
  const spoil: Readonly<Record<string, (file: string) => void>> = {
    missing: (file) => rmSync(file, { force: true }),
    empty: (file) => writeFileSync(file, ""),
    garbage: (file) => writeFileSync(file, "this is no database, and it is quite long".repeat(999)),
    torn: (file) => writeFileSync(file, "SQLite format 3\u0000 and then nothing of it"),
    "of another form": (file) => {
      rmSync(file);
      const database = new Database(file);
      database.exec("CREATE TABLE runs (something INTEGER)");
      database.close();
    },
    "a database with a row that is no row": (file) => {
      const database = new Database(file);
      database.exec("UPDATE runs SET row = 'x'");
      database.close();
    },
  };

  test.each(Object.keys(spoil))("is made anew where it is %s", async (how) => {
    const home = temporaryFolder();
    const { id } = writeRun(home);
    await listRuns(home);
    const file = join(home, "index.sqlite");
    spoil[how]?.(file);
    const listed = await ids(home);
    expect(listed).toEqual([id]);
    const database = new Database(file, { readonly: true });
    expect(database.prepare("SELECT id FROM runs").all()).toEqual([{ id }]);
    database.close();
  });

  test("is used: a run that did not change is not read again", async () => {
    const home = temporaryFolder();
    writeRun(home);
    await settled();
    await listRuns(home);
    const database = new Database(join(home, "index.sqlite"));
    database.exec(`UPDATE runs SET row = json_set(row, '$.metrics.top1', 77)`);
    database.close();
    expect((await listRuns(home))[0]?.metrics["top1"]).toBe(77);
  });

  test("is not needed: a home where it cannot be written is listed", async () => {
    const home = temporaryFolder();
    const { id } = writeRun(home);
    mkdirSync(join(home, "index.sqlite"));
    expect(await ids(home)).toEqual([id]);
    expect(statSync(join(home, "index.sqlite")).isDirectory()).toBe(true);
  });

  test("is not made where there are no runs, or no home", async () => {
    const home = temporaryFolder();
    expect(await ids(home)).toEqual([]);
    expect(await ids(join(home, "none"))).toEqual([]);
    expect(existsSync(join(home, "index.sqlite"))).toBe(false);
  });
});

describe("a change is seen", () => {
  /** Rewrites the events with another figure of the same length, and gives the file its times back. */
  const rewrite = (directory: string, from: string, to: string) => {
    const file = join(directory, "events.jsonl");
    const { atime, mtime } = statSync(file);
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
    utimesSync(file, atime, mtime);
  };

  test("of the same size, by a tool that keeps the time", async () => {
    const home = temporaryFolder();
    const { directory } = writeRun(home);
    await settled();
    await listRuns(home);
    rewrite(directory, '"top1":50', '"top1":60');
    expect((await listRuns(home))[0]?.metrics["top1"]).toBe(60);
  });

  test("of a file that was written a moment before it was read", async () => {
    const home = temporaryFolder();
    const { directory } = writeRun(home);
    for (let round = 0; round < 20; round += 1) {
      await listRuns(home);
      const [from, to] = round % 2 === 0 ? ["50", "60"] : ["60", "50"];
      rewrite(directory, `"top1":${from}`, `"top1":${to}`);
      expect((await listRuns(home))[0]?.metrics["top1"]).toBe(Number(to));
    }
  });

  test("after the clock was set back: files of the future are read each time", async () => {
    const home = temporaryFolder();
    const { directory } = writeRun(home);
    await settled();
    vi.useFakeTimers({ now: Date.now() - 3_600_000, toFake: ["Date"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    await listRuns(home);
    const database = new Database(join(home, "index.sqlite"), { readonly: true });
    expect(database.prepare("SELECT print FROM runs").pluck().all()).toEqual([""]);
    database.close();
    rewrite(directory, '"top1":50', '"top1":60');
    expect((await listRuns(home))[0]?.metrics["top1"]).toBe(60);
  });
});

test("several processes list at once while runs come and go, and the index is damaged", async () => {
  const home = temporaryFolder();
  const stays = Array.from(
    { length: 20 },
    (_, counter) => writeRun(home, { counter: counter + 1 }).id,
  );
  const list = async (): Promise<readonly string[]> => {
    const { stdout } = await execa(process.execPath, [FOVEA, "runs", "list", "--json"], {
      env: { FOVEA_HOME: home },
    });
    return (JSON.parse(stdout) as { runs: { run: string }[] }).runs.map(({ run }) => run);
  };
  let counter = 100;
  const churn = setInterval(() => {
    counter += 1;
    writeRun(home, { counter });
    rmSync(join(home, "runs", writeRun(home, { counter: counter - 3 }).id), { recursive: true });
    if (counter % 10 === 0) writeFileSync(join(home, "index.sqlite"), "rubbish".repeat(1000));
  }, 20);
  const rounds = Array.from({ length: 4 }, list);
  for (const listed of await Promise.all(rounds)) {
    expect(listed).toEqual(expect.arrayContaining(stays));
  }
  clearInterval(churn);
  const folders = readdirSync(join(home, "runs")).sort();
  expect([...(await list())].sort()).toEqual(folders);
  expect([...(await list())].sort()).toEqual(folders);
}, 60_000);

describe("a run is never shown running when its process is dead", () => {
  test.each(["running", "queued"] as const)("%s, of a live process", async (status) => {
    const home = temporaryFolder();
    writeRun(home, { status, pid: process.pid, started: startOf(process.pid) });
    expect((await listRuns(home))[0]?.status).toBe(status);
  });

  test.each([
    { pid: process.pid, started: "1" },
    { pid: 2 ** 22 + 1, started: null },
    { pid: null, started: null },
  ])("%j is lost", async (identity) => {
    const home = temporaryFolder();
    writeRun(home, { status: "running", ...identity });
    expect((await listRuns(home))[0]).toMatchObject({
      status: "lost",
      reason: expect.stringContaining("gone"),
    });
  });

  test("without a status.json its run_end counts", async () => {
    const home = temporaryFolder();
    const { directory } = writeRun(home);
    writeFileSync(join(directory, "status.json"), "{");
    expect((await listRuns(home))[0]?.status).toBe("completed");
    writeFileSync(join(directory, "events.jsonl"), eventLines([start(), step(1)]));
    expect((await listRuns(home))[0]).toMatchObject({
      status: "lost",
      reason: expect.stringContaining("status.json"),
    });
  });
});

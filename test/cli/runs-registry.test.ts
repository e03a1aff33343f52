import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/runs.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import { runCommand } from "../support/command.js";
import { ended, evaluated, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const runs = (...words: string[]) => runCommand(command, ["runs", ...words]);
let home = "";

beforeEach(() => {
  home = temporaryFolder();
  vi.stubEnv("FOVEA_HOME", home);
  return () => {
    vi.unstubAllEnvs();
  };
});

/** A completed run of the demo. */
const measured = (seed: number, top1: number, lr = 0.001) =>
  writeRun(home, {
    experiment: { ...demo(), seed, recipe: { ...demo().recipe, lr } },
    events: [start(), step(1), evaluated(1, { top1, loss: 1.5 }), ended()],
  });

describe("list", () => {
  test("selects, sorts and cuts; columns are what was asked for", async () => {
    const [low, , high] = [measured(0, 60), measured(1, 70), measured(2, 80, 0.01)];
    const words = [
      "--where",
      "top1!=70",
      "--sort",
      "-top1",
      "--columns",
      "run,top1,recipe.lr,kernel",
    ];
    const { stdout } = await runs("list", ...words);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ["run", "top1 (%)", "recipe.lr", "kernel"],
      [high.id, "80.00", "0.01", "[23,11]"],
      [low.id, "60.00", "0.001", "[23,11]"],
    ]);
    const listed = await runs("list", ...words, "--limit", "1", "--json");
    expect(listed.json()).toMatchObject({
      runs: [
        {
          run: high.id,
          metrics: { top1: 80 },
          columns: { run: high.id, top1: 80, "recipe.lr": 0.01, kernel: [23, 11] },
        },
      ],
    });
  });

  test("what has no value is last, whichever way it is sorted", async () => {
    const a = measured(0, 60);
    const none = writeRun(home, { experiment: { ...demo(), seed: 9 }, events: [start()] });
    const b = measured(1, 70);
    const order = async (sort: string) =>
      (
        (await runs("list", "--sort", sort, "--json")).json() as { runs: { run: string }[] }
      ).runs.map(({ run }) => run);
    expect(await order("top1")).toEqual([a.id, b.id, none.id]);
    expect(await order("-top1")).toEqual([b.id, a.id, none.id]);
    expect(await order("network,-seed")).toEqual([none.id, b.id, a.id]);
  });

  test("--mean gives means and sample standard deviations over seeds, of completed runs", async () => {
    const same = [measured(0, 94.9), measured(1, 95.8), measured(2, 95.2)];
    const other = measured(0, 50, 0.01);
    writeRun(home, { experiment: { ...demo(), seed: 3 }, status: "failed" });
    const { stdout, stderr } = await runs(
      "list",
      "--mean",
      "--sort",
      "-top1",
      "--columns",
      "lr,top1,seed",
    );
    expect(stdout).toMatch(/0\.001 +95\.30 ± 0\.4583 +0, 1, 2 +3\n/);
    expect(stdout).toMatch(/0\.01 +50\.00 +0 +1\n/);
    expect(stderr).toContain("of 4 completed runs");
    const listed = await runs("list", "--mean", "--json");
    expect(listed.json()).toMatchObject({
      runs: [{ run: same[0]?.id }, { run: same[1]?.id }, { run: same[2]?.id }, { run: other.id }],
      groups: [
        {
          n: 3,
          seeds: [0, 1, 2],
          runs: same.map(({ id }) => id),
          metrics: {
            top1: { mean: expect.closeTo(95.3, 10), std: expect.closeTo(0.4582576, 6), n: 3 },
          },
        },
        { n: 1, metrics: { top1: { mean: 50, std: null, n: 1 } } },
      ],
    });
    const table = (await runs("list", "--mean")).stdout;
    expect(table).toMatch(/hash +recipe\.lr +runs/);
    expect(table).toMatch(/ 0\.01 +1 +50\.00/);
    expect(table).toMatch(/95\.30 ± 0\.4583/);
  });

  test.each([
    ["--where", "top1>", "FOV0130", "character 6"],
    ["--where", "topp1>3", "FOV0131", "top1"],
    ["--columns", "run,,top1", "FOV0130", "character 5"],
    ["--columns", "run,-top1", "FOV0130", "character 5"],
    ["--columns", "run,nothing", "FOV0131", "character 5"],
    ["--sort", "top1,", "FOV0130", "character 6"],
    ["--limit", "0", "FOV0040", "--limit"],
  ])("%s %j exits 2 with the place", async (option, text, code, said) => {
    measured(0, 60);
    const { exit, stderr, json } = await runs("list", option, text, "--json");
    expect(exit).toBe(2);
    expect(json()).toMatchObject({ error: { code } });
    expect(stderr).toContain(said);
  });
});

describe("tail", () => {
  test("-n prints the last lines, with the numbers that bad ones have", async () => {
    const { id, directory } = measured(0, 60);
    appendFileSync(join(directory, "events.jsonl"), "rubbish\n");
    const { stdout, stderr } = await runs("tail", "-n", "3", id);
    expect(stdout).toBe("eval step 1  top1 60.00%  loss 1.50\ncompleted\n");
    expect(stderr).toContain("events.jsonl:5: not JSON");
    expect((await runs("tail", "-f", "-n", "0", id)).stdout).toBe("");
    expect((await runs("tail", "-n", "99", id)).stdout.split("\n")).toHaveLength(5);
    expect((await runs("tail", "-n", "x", id)).exit).toBe(2);
  });

  test("--no-follow prints what a live run has and ends", async () => {
    const { id } = writeRun(home, { status: "running", pid: process.pid, events: [start()] });
    const { exit, stdout } = await runs("tail", "--no-follow", id);
    expect(exit).toBe(0);
    expect(stdout).toContain("training on cpu");
  });
});

test("show says where a run comes from, its settings, its checkpoints and its logs", async () => {
  const sha256 = "a".repeat(64);
  const { id, directory } = writeRun(home, {
    events: [
      start(),
      { type: "checkpoint", path: "checkpoints/last.pt", sha256, step: 1 },
      { type: "sparsity", step: 1, density: 0.6, layers: {}, churn: 0.1, explored: 0.7 },
      start(1),
      ended(),
    ],
  });
  mkdirSync(join(directory, "checkpoints"));
  writeFileSync(join(directory, "checkpoints", "last.pt"), "12345");
  writeFileSync(join(directory, "checkpoints", "best.pt"), "1");
  writeFileSync(join(directory, "stderr.log"), "");
  expect((await runs("show", id, "--json")).json()).toMatchObject({
    run: id,
    events: { total: 5 },
    starts: 2,
    launch: { launcher: "local", processes: 1, pid: null, job: null },
    provenance: { versions: { fovea: "0.1.0" }, git: { dirty: true }, package: null },
    settings: { "recipe.batch": 32, "network.mixers[0].kernel": 23 },
    sparsity: { step: 1, density: 0.6, churn: 0.1, explored: 0.7 },
    checkpoints: [
      { path: "checkpoints/best.pt", bytes: 1, step: null, sha256: null },
      { path: "checkpoints/last.pt", bytes: 5, step: 1, sha256 },
    ],
    logs: [join(directory, "stderr.log")],
  });
  const { stdout } = await runs("show", id);
  expect(stdout).toMatch(/recipe\.batch +32\n/);
  expect(stdout).toContain("with changes");
});

test("compare tells code, circumstances and changes of the metrics", async () => {
  const a = measured(0, 60);
  const b = measured(0, 61.5, 0.01);
  const record = JSON.parse(readFileSync(join(b.directory, "run.json"), "utf8"));
  record.versions.fovea = "0.2.0";
  record.git = null;
  writeFileSync(join(b.directory, "run.json"), JSON.stringify(record));
  mkdirSync(join(b.directory, record.package), { recursive: true });
  writeFileSync(join(b.directory, record.package, "model.py"), "");
  const events = eventLines([
    { ...start(), processes: 2, device: "cuda" } as never,
    evaluated(1, { top1: 61.5 }),
  ]);
  writeFileSync(join(b.directory, "events.jsonl"), events);
  expect((await runs("compare", a.id, b.id, "--json")).json()).toMatchObject({
    runs: [
      {
        code: { "versions.fovea": "0.1.0", "git.commit": "0123456789abcdef", package: null },
        circumstances: { processes: 1, device: "cpu" },
        change: {},
      },
      {
        code: { "versions.fovea": "0.2.0", "git.commit": null, package: expect.any(String) },
        circumstances: { processes: 2, device: "cuda" },
        change: { top1: 1.5 },
      },
    ],
  });
  expect((await runs("compare", a.id, b.id)).stdout).toMatch(
    /top1 \(%\) +60\.00 +61\.50 \(\+1\.50\)/,
  );
});

describe("rm", () => {
  const young = () =>
    writeRun(home, {
      experiment: { ...demo(), seed: 5 },
      events: eventLines([ended()]).replaceAll("1700000000", String(Date.now() / 1000)),
    });

  test("of named runs removes all, or none where one is live", async () => {
    const [a, b] = [measured(0, 1), measured(1, 2)];
    const live = writeRun(home, { status: "running", pid: process.pid });
    const refused = await runs("rm", a.id, live.id, b.id);
    expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining(live.id) });
    expect([a, b, live].every(({ directory }) => existsSync(directory))).toBe(true);
    expect((await runs("rm", a.id, b.id, "--json")).json()).toEqual({
      runs: [
        { run: a.id, removed: a.directory },
        { run: b.id, removed: b.directory },
      ],
    });
    expect([a, b].some(({ directory }) => existsSync(directory))).toBe(false);
  });

  test("--older-than and --where select; what is live stays and is named", async () => {
    const [old, other, recent] = [measured(0, 1), measured(1, 99), young()];
    const live = writeRun(home, { status: "running", pid: process.pid });
    const words = ["--older-than", "30d", "--where", "!(top1>50)"];
    const dry = await runs("rm", ...words, "--dry-run");
    expect(dry.stdout).toContain(old.id);
    expect(existsSync(old.directory)).toBe(true);
    const { exit, stderr, stdout } = await runs(
      "rm",
      "--older-than",
      "30d",
      "--where",
      "top1<50 || status=running",
    );
    expect(exit).toBe(0);
    expect(stderr).toContain(`${live.id} is running: it stays`);
    expect(stderr).toContain(old.id);
    expect(stdout).toBe(`removed ${old.directory}\n`);
    expect([other, recent, live].every(({ directory }) => existsSync(directory))).toBe(true);
  });

  test.each([
    [[], "no run is named"],
    [["--older-than", "month"], "30d"],
    [["demo-1", "--older-than", "3d"], "runs are named"],
    [["demo-1", "--where", "seed=1"], "runs are named"],
    [["demo-12345678"], "there is no run"],
  ])("%j exits 2", async (words, said) => {
    const { id, directory } = measured(0, 1);
    const { exit, stderr } = await runs("rm", ...words);
    expect(exit).toBe(2);
    expect(stderr).toContain(said);
    // A beginning of an id never stands for the run.
    expect((await runs("rm", id.slice(0, -1))).exit).toBe(2);
    expect(existsSync(directory)).toBe(true);
  });
});

describe("export", () => {
  test("CSV by RFC 4180, JSON and Parquet hold the same", async () => {
    measured(0, 1 / 3);
    writeRun(home, {
      experiment: { ...demo(), seed: 1, recipe: { ...demo().recipe, ema: false } },
      events: [start(), evaluated(1, { top1: 50, miou: null })],
    });
    const text = (await runs("export")).stdout;
    expect(text).toMatch(/\r\n$/);
    const rows = parseCsv(text);
    const flat = (await runs("export", "--format", "json")).json() as Record<string, unknown>[];
    expect(flat).toHaveLength(2);
    expect(flat.find((record) => record["metrics.top1"] !== 50)).toMatchObject({
      status: "completed",
      "metrics.top1": 1 / 3,
      "metrics.miou": null,
      "network.depths": [1, 2],
      "network.mixers[0].kernel": 23,
      "versions.triton": null,
      "git.commit": "0123456789abcdef",
      "device.host": "a-host",
    });
    const names = Object.keys(flat[0] ?? {});
    expect(rows[0]).toEqual(names);
    for (const [at, record] of flat.entries()) {
      expect(rows[at + 1]).toEqual(
        names.map((name) => {
          const value = record[name];
          if (value === null) return "";
          return typeof value === "object" ? JSON.stringify(value) : String(value);
        }),
      );
    }
    const file = join(home, "runs.parquet");
    expect((await runs("export", "--format", "parquet", "--out", file, "--json")).json()).toEqual({
      out: file,
      format: "parquet",
      runs: 2,
      columns: names.length,
    });
    const bytes = readFileSync(file);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const read = await parquetReadObjects({ file: buffer });
    const asText = (name: string, value: unknown) =>
      value === null || (typeof value !== "object" && name !== "recipe.ema")
        ? value
        : JSON.stringify(value);
    expect(read).toEqual(
      flat.map((record) =>
        Object.fromEntries(names.map((name) => [name, asText(name, record[name])])),
      ),
    );
  });

  test.each([
    [["--format", "parquet"], "--out"],
    [["--json"], "--out"],
    [["--format", "xml"], "csv, json, parquet"],
    [["--where", "x"], "character 1"],
    [["--out", "/proc/none/runs.csv"], "/proc/none"],
  ])("%j is refused", async (words, said) => {
    measured(0, 1);
    const { exit, stderr } = await runs("export", ...words);
    expect([1, 2]).toContain(exit);
    expect(stderr).toContain(said);
  });

  test("of no runs there is a head, or an empty list", async () => {
    expect((await runs("export")).stdout).toMatch(/^run,status,.*\r\n$/);
    expect((await runs("export", "--format", "json")).json()).toEqual([]);
    const file = join(home, "none.parquet");
    expect((await runs("export", "--format", "parquet", "--out", file)).exit).toBe(0);
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});

describe("gc", () => {
  const dead = 2 ** 22 + 1;

  test("removes what a kill leaves, and nothing of a live run", async () => {
    const { directory } = measured(0, 1);
    const live = writeRun(home, { status: "running", pid: process.pid });
    const gone = measured(7, 1);
    await runs("list");
    rmSync(gone.directory, { recursive: true });
    const cutShort = join(home, "runs", `.removed-demo-1-${dead}`);
    mkdirSync(join(cutShort, "checkpoints"), { recursive: true });
    const underWay = join(home, "runs", `.removed-demo-2-${process.pid}`);
    mkdirSync(underWay);
    const [unborn, newborn] = [
      join(home, "runs", "demo-12345678-1"),
      join(home, "runs", "demo-12345678-2"),
    ];
    mkdirSync(unborn);
    mkdirSync(newborn);
    const other = join(home, "runs", "notes");
    mkdirSync(other);
    writeFileSync(join(other, "mine.txt"), "");
    const lock = join(directory, "owner.lock");
    writeFileSync(lock, JSON.stringify({ pid: dead, started: null }));
    const temporary = [
      join(directory, "status.json.99.tmp"),
      join(live.directory, "status.json.99.tmp"),
    ];
    for (const path of temporary) writeFileSync(path, "12345");
    const old = Date.now() / 1000 - 7200;
    for (const path of [unborn, other]) utimesSync(path, old, old);

    const expected = [
      { kind: "removed run", path: cutShort },
      { kind: "unborn run", path: unborn },
      { kind: "claim", path: lock },
      { kind: "temporary file", path: temporary[0], bytes: 5 },
      { kind: "index row", path: gone.id },
    ];
    const dry = await runs("gc", "--dry-run", "--json");
    expect(dry.json()).toMatchObject({ dryRun: true, removed: expected });
    expect([cutShort, unborn, lock, ...temporary].every((path) => existsSync(path))).toBe(true);
    expect((await runs("gc", "--json")).json()).toMatchObject({ removed: expected });
    for (const path of [cutShort, unborn, lock, temporary[0] ?? ""])
      expect(existsSync(path)).toBe(false);
    for (const path of [
      underWay,
      newborn,
      other,
      temporary[1] ?? "",
      join(directory, "run.json"),
    ]) {
      expect(existsSync(path)).toBe(true);
    }
    expect(await runs("gc")).toMatchObject({ exit: 0, stdout: "" });
  });

  test("checkpoints go only where it is asked for, of completed runs that are old", async () => {
    const [a, b] = [measured(0, 1), writeRun(home, { status: "failed" })];
    const files = [a, b].map(({ directory }) => join(directory, "checkpoints", "last.pt"));
    for (const file of files) {
      mkdirSync(join(file, ".."));
      writeFileSync(file, "12345");
    }
    await runs("gc");
    expect(files.map((file) => existsSync(file))).toEqual([true, true]);
    expect((await runs("gc", "--where", "seed=1")).exit).toBe(2);
    await runs("gc", "--checkpoints", "1d", "--where", "seed=1");
    expect(files.map((file) => existsSync(file))).toEqual([true, true]);
    await runs("gc", "--checkpoints", "1d");
    expect(files.map((file) => existsSync(file))).toEqual([false, true]);
  });
});

/** RFC 4180, read by a few lines of its own. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/gy;
  for (const [, written = "", end] of text.matchAll(cell)) {
    const value = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
    rows.at(-1)?.push(value);
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

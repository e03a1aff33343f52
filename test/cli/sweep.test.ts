import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { account } from "../../src/analyse/account.js";
import * as runCommandModule from "../../src/cli/commands/run.js";
import * as command from "../../src/cli/commands/sweep.js";
import { RunRecord } from "../../src/ir/run.js";
import type { Launcher } from "../../src/launch/launcher.js";
import { localLauncher } from "../../src/launch/local.js";
import { loadSweep } from "../../src/load/load-sweep.js";
import { listRuns } from "../../src/runs/run-index.js";
import { runCommand } from "../support/command.js";
import { fakePython } from "../support/harness.js";
import { allRuns, rowsOf, trainings, writeSweep } from "../support/sweep-runs.js";
import { temporaryFolder } from "../support/temporary.js";

const sweep = (...words: string[]) => runCommand(command, ["sweep", ...words]);
const LRS = { "recipe.lr": [0.001, 0.002] };

/** A home with a log of every call of Python. */
function logged(training: string): { home: string; log: string } {
  const home = fakePython(training);
  const log = join(temporaryFolder(), "calls");
  writeFileSync(log, "");
  vi.stubEnv("FAKE_CALLS", log);
  return { home, log };
}

describe("--plan", () => {
  test("prints every point in the order of the product, and writes nothing", async () => {
    const home = fakePython("completes");
    const file = writeSweep(
      temporaryFolder(),
      { ...LRS, "network.mixers[*].kernel": [5, 7] },
      [0, 1],
    );
    const { exit, stdout } = await sweep(file, "--plan", "--json");
    expect(exit).toBe(0);
    const rows = rowsOf(stdout);
    expect(rows.map(({ axes, seed }) => [...Object.values(axes), seed])).toEqual([
      [0.001, 5, 0],
      [0.001, 5, 1],
      [0.001, 7, 0],
      [0.001, 7, 1],
      [0.002, 5, 0],
      [0.002, 5, 1],
      [0.002, 7, 0],
      [0.002, 7, 1],
    ]);
    const { sweep: declared } = await loadSweep(file, "/");
    expect(rows.map(({ hash }) => hash)).toEqual(declared.points.map(({ hash }) => hash));
    const [point] = declared.points;
    if (point === undefined || point.experiment.network.kind !== "network") throw new Error("none");
    const card = account(point.experiment.network);
    expect(rows[0]).toMatchObject({
      run: null,
      status: "new",
      metrics: {},
      parameters: card.params.dense,
      macs: card.macs.dense,
      predicted: { seconds: null, basis: null },
    });
    const text = await sweep(file, "--plan");
    for (const { hash } of rows) expect(text.stdout).toContain(hash.slice(0, 8));
    expect(readdirSync(home)).toEqual([]);
  });

  test("counts peers in Python, and tells what their runs took", async () => {
    fakePython("completes");
    const folder = temporaryFolder();
    const file = join(folder, "peers.sweep.ts");
    writeFileSync(
      file,
      `import { digits, experiment, sweep, timm } from "fovea";
const base = experiment({ name: "peers", network: timm("resnet18"), task: "classification", data: digits({ train: 64, test: 16 }), recipe: { steps: 4, batch: 8 }, seed: 0 });
export default sweep({ base, over: { "recipe.lr": [0.1, 0.2] } });
`,
    );
    const before = rowsOf((await sweep(file, "--plan", "--json")).stdout);
    expect(before[0]).toMatchObject({ parameters: 300, macs: 300, predicted: { memory: null } });
  });
});

describe("what is missing is run", () => {
  test("and what is completed counts, also of `fovea run`", async () => {
    const { home, log } = logged("completes");
    const folder = temporaryFolder();
    const first = writeSweep(folder, { "recipe.lr": [0.001] }, [0]);
    const planned = rowsOf((await sweep(first, "--plan", "--json")).stdout);
    const file = writeSweep(folder, LRS, [0]);
    const alone = readFileSync(first, "utf8")
      .replace(/export default sweep.*/, "export default base;")
      .replace("batch: 8", "batch: 8, lr: 0.001");
    writeFileSync(join(folder, "one.ts"), alone);
    const run = await runCommand(runCommandModule, ["run", join(folder, "one.ts"), "--json"]);
    expect(run.exit).toBe(0);
    expect(allRuns(home)[0]?.hash).toBe(planned[0]?.hash);

    const swept = await sweep(file, "--json");
    expect(swept.exit).toBe(0);
    const rows = rowsOf(swept.stdout);
    expect(rows).toMatchObject([
      { status: "completed", metrics: { top1: 91.25 }, seed: 0, axes: { "recipe.lr": 0.001 } },
      { status: "completed", metrics: { top1: 91.25 }, seed: 0, axes: { "recipe.lr": 0.002 } },
    ]);
    expect(rows[0]?.run).toBe((run.json() as { run: string }).run);
    expect(trainings(log).size).toBe(2);

    const again = await sweep(file, "--json");
    expect(again.exit).toBe(0);
    expect(rowsOf(again.stdout)).toEqual(rows);
    const wider = writeSweep(folder, { "recipe.lr": [0.001, 0.002, 0.003] }, [0]);
    expect((await sweep(wider)).exit).toBe(0);
    expect(trainings(log).size).toBe(3);
    expect([...trainings(log).values()]).toEqual([1, 1, 1]);
    // Nothing is left of the claims.
    expect(readdirSync(home).sort()).toEqual(["index.sqlite", "runs"]);
    expect((await sweep(wider, "--plan")).stdout).toMatch(/3 runs, 3 of them done/);
  });

  test("Python is asked once for what all have in common", async () => {
    const { log } = logged("completes");
    const file = writeSweep(temporaryFolder(), LRS, [0, 1]);
    await sweep(file, "--slots", "2");
    const words = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { words: string[] }).words);
    expect(words.filter(([, module]) => module === "fovea_runtime.verify")).toHaveLength(1);
    expect(words.filter(([flag]) => flag === "-c")).toHaveLength(1);
  });
});

describe("failures", () => {
  test.each([
    ["crashes", "failed", 1, []],
    ["crashes", "failed", 3, ["--retry", "failed"]],
    ["out-of-memory", "out_of_memory", 1, []],
    ["diverges", "diverged", 1, []],
    ["killed-first", "lost", 3, []],
    ["killed-first", "lost", 1, ["--retry", "none"]],
    ["killed-first", "lost", 2, ["--retry", "failed,lost:1"]],
    ["lost-once", "completed", 2, []],
  ] as const)("%s: %s after %i turns (%j)", async (training, status, turns, words) => {
    const { home, log } = logged(`completes,1=${training}`);
    const file = writeSweep(temporaryFolder(), { "recipe.lr": [0.001] }, [0, 1, 2]);
    const { exit, stdout, stderr } = await sweep(file, "--json", ...words);
    expect(exit).toBe(status === "completed" ? 0 : 1);
    // All others had their turn, and a run that was cut short went on in its own folder.
    expect(rowsOf(stdout).map((row) => row.status)).toEqual(["completed", status, "completed"]);
    expect([...trainings(log).values()].sort()).toEqual([1, 1, turns].sort());
    expect(allRuns(home)).toHaveLength(3);
    if (status === "failed") expect(stderr).toContain("the sky fell");
  });

  test("a call gives what failed another turn", async () => {
    const { home } = logged("crashes");
    const file = writeSweep(temporaryFolder(), LRS, [0]);
    expect((await sweep(file)).exit).toBe(1);
    vi.stubEnv("FAKE_TRAINING", "completes");
    expect((await sweep(file)).exit).toBe(0);
    expect(allRuns(home)).toHaveLength(2);
  });

  test.each(["events.jsonl", "status.json", "package"])(
    "a run whose %s is damaged stays as it ended; its point is run anew",
    async (name) => {
      const home = fakePython("crashes");
      const file = writeSweep(temporaryFolder(), {}, [0, 1]);
      await sweep(file);
      const path = join(home, "runs", allRuns(home)[0]?.id ?? "", name);
      rmSync(path, { recursive: true });
      if (name === "package") writeFileSync(path, "");
      else mkdirSync(path);
      vi.stubEnv("FAKE_TRAINING", "completes");
      const { exit, stdout, stderr } = await sweep(file, "--json");
      expect(exit).toBe(0);
      expect(stderr).toContain("cannot go on, its point is run anew");
      expect(rowsOf(stdout).map((row) => row.status)).toEqual(["completed", "completed"]);
      const rows = await listRuns(home);
      expect(rows.map((row) => row.status).sort()).toEqual(["completed", "completed", "failed"]);
    },
  );

  test("--max-failures starts nothing more after them", async () => {
    const { log } = logged("crashes");
    const file = writeSweep(temporaryFolder(), LRS, [0, 1]);
    const { exit, stdout } = await sweep(file, "--max-failures", "2", "--json");
    expect(exit).toBe(1);
    expect(rowsOf(stdout).map(({ status }) => status)).toEqual(["failed", "failed", "new", "new"]);
    expect(trainings(log).size).toBe(2);
  });

  test("a kernel that does not hold fails every run of it, and is asked for once", async () => {
    const { log } = logged("verify-fails");
    const file = writeSweep(temporaryFolder(), LRS, [0]);
    const { stdout } = await sweep(file, "--json");
    expect(rowsOf(stdout).map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(readFileSync(log, "utf8").match(/fovea_runtime.verify/g)).toHaveLength(1);
  });
});

describe("places", () => {
  test("share the cores, and a run that goes on keeps its threads", async () => {
    const { home, log } = logged("crashes");
    vi.stubEnv("OMP_NUM_THREADS", undefined);
    const file = writeSweep(temporaryFolder(), LRS, [0]);
    const { stderr } = await sweep(file, "--slots", "64");
    expect(stderr).toMatch(/64 runs at a time, 1 thread each/);
    await sweep(file);
    const threads = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { words: string[]; env: Record<string, string> })
      .filter(({ words }) => words[1] === "fovea_runtime.train")
      .map(({ env }) => env["OMP_NUM_THREADS"]);
    expect(threads).toEqual(["1", "1", "1", "1"]);
    const record = readFileSync(join(allRuns(home)[0]?.directory ?? "", "run.json"), "utf8");
    expect(RunRecord.parse(JSON.parse(record)).launch.threads).toBe(1);
  });

  test("have GPUs of their own, of those that the user shows", async () => {
    const { home, log } = logged("completes");
    vi.stubEnv("FAKE_GPUS", "3");
    vi.stubEnv("CUDA_VISIBLE_DEVICES", "4,5,GPU-6");
    const file = writeSweep(temporaryFolder(), LRS, [0, 1]);
    const words = ["--device", "cuda", "--gpus", "0,2"];
    const { exit, stderr } = await sweep(file, ...words);
    expect(exit).toBe(0);
    expect(stderr).toMatch(/2 runs at a time on the GPUs 4, GPU-6/);
    const seen = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { words: string[]; env: Record<string, string> })
      .filter(({ words }) => words[1] === "fovea_runtime.train")
      .map(({ env }) => env["CUDA_VISIBLE_DEVICES"]);
    expect(new Set(seen)).toEqual(new Set(["4", "GPU-6"]));
    const records = allRuns(home).map(({ directory }) =>
      RunRecord.parse(JSON.parse(readFileSync(join(directory, "run.json"), "utf8"))),
    );
    expect(records.map(({ device }) => device.visible).sort()).toEqual([...seen].sort());
  });
});

describe("a launcher that takes many at once", () => {
  const launcher: { -readonly [K in keyof Launcher]: Launcher[K] } = localLauncher;
  afterEach(() => {
    delete launcher.submitAll;
  });

  test("is told of a stop while it takes them: they are cancelled, and none has failed", async () => {
    fakePython("completes");
    launcher.submitAll = async (_tasks, _slots, { signal }) => {
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      process.emit("SIGINT", "SIGINT");
      return await stopped;
    };
    const file = writeSweep(temporaryFolder(), { "recipe.lr": [0.001] }, [0, 1]);
    const { exit, stdout } = await sweep(file, "--json");
    expect(exit).toBe(130);
    expect(rowsOf(stdout).map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });

  test("gets all that are missing together, then those that have another turn", async () => {
    const { home, log } = logged("completes,1=killed-first,2=crashes");
    const submitted: (readonly [runs: number, slots: number])[] = [];
    launcher.submitAll = async (tasks, slots, attendant) => {
      submitted.push([tasks.length, slots]);
      return await Promise.all(tasks.map((task) => localLauncher.submit(task, attendant)));
    };
    const file = writeSweep(temporaryFolder(), { "recipe.lr": [0.001] }, [0, 1, 2, 3]);
    const { exit, stdout } = await sweep(file, "--json");
    expect(exit).toBe(1);
    expect(rowsOf(stdout).map(({ status }) => status)).toEqual([
      "completed",
      "lost",
      "failed",
      "completed",
    ]);
    expect(submitted).toEqual([
      [4, 4],
      [1, 1],
      [1, 1],
    ]);
    expect([...trainings(log).values()].sort()).toEqual([1, 1, 1, 3]);
    vi.stubEnv("FAKE_TRAINING", "completes");
    expect((await sweep(file, "--slots", "1")).exit).toBe(0);
    expect(submitted.at(-1)).toEqual([2, 1]);
    expect(allRuns(home)).toHaveLength(4);
    expect(readdirSync(home).sort()).toEqual(["index.sqlite", "runs"]);
  });

  test("and refuses them: all are recorded, and its words are told", async () => {
    const { home } = logged("completes");
    launcher.submitAll = () => Promise.reject(new Error("invalid partition specified"));
    const file = writeSweep(temporaryFolder(), LRS, [0]);
    const { exit, stdout, stderr } = await sweep(file, "--json");
    expect(exit).toBe(1);
    expect(stderr).toContain("invalid partition specified");
    expect(rowsOf(stdout).map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(allRuns(home).map(({ status }) => status)).toEqual(["failed", "failed"]);
  });
});

describe("mistakes", () => {
  test.each([
    [["--retry", "lost,never"], "FOV0040", /there is no class "never"/],
    [["--slots", "0"], "FOV0040", /--slots 0/],
    [["--gpus", "0,0"], "FOV0040", /named twice/],
    [["--gpus", "0", "--device", "cpu"], "FOV0040", /on the CPU/],
    [["--set", "recipe.lr=1"], "FOV0040", /the sweep varies that/],
    [["--set", "recipe.nothing=1"], "FOV0041", /recipe\.nothing/],
  ] as const)("%j", async (words, code, message) => {
    fakePython("completes");
    const file = writeSweep(temporaryFolder(), LRS, [0]);
    const { exit, stdout } = await sweep(file, ...words, "--json");
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
    expect(stdout.replaceAll('\\"', '"')).toMatch(message);
  });

  test("a file without a sweep", async () => {
    fakePython("completes");
    expect(await sweep("pelk_tiny")).toMatchObject({ exit: 2, stdout: "" });
  });
});

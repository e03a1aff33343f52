import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/replay.js";
import * as runModule from "../../src/cli/commands/run.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import type { RunRecord } from "../../src/ir/run.js";
import { runCommand } from "../support/command.js";
import { fakePython, onlyRun } from "../support/harness.js";
import { start, step, writeRun } from "../support/runs.js";

const replay = (...words: string[]) => runCommand(command, ["replay", ...words]);

/** A run that completed, with what its `run_start` says beside the usual. */
async function completed(
  facts: object = {},
): Promise<{ home: string; id: string; folder: string }> {
  const home = fakePython("completes");
  vi.stubEnv("FAKE_FACTS", JSON.stringify(facts));
  await runCommand(runModule, ["run", "demo", "--keep", "3"]);
  const { id, directory } = onlyRun(home);
  return { home, id, folder: directory };
}

/** The folder of the only run that repeats another. */
function repeated(home: string, id: string): { folder: string; record: RunRecord } {
  const [other = "none"] = readdirSync(join(home, "runs")).filter((each) => each !== id);
  const folder = join(home, "runs", other);
  const record = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunRecord;
  return { folder, record };
}

/** All files of a run's package. */
function packageOf(folder: string): Record<string, string> {
  const root = join(folder, "package");
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names
      .filter((name) => name.includes("."))
      .map((name) => [name, readFileSync(join(root, name), "utf8")]),
  );
}

describe("a replay", () => {
  test("is a run of its own with the same record, and is bit-equal", async () => {
    const { home, id, folder } = await completed();
    const outcome = await replay(id, "--json");
    expect(outcome.exit).toBe(0);
    const { folder: again, record } = repeated(home, id);
    expect(outcome.json()).toMatchObject({
      run: id,
      replay: record.run,
      dir: again,
      status: "completed",
      equal: true,
      reached: true,
      steps: 4,
      losses: { compared: 4, equal: 4, missing: { a: 0, b: 0 }, first: null, largest: null },
      evals: { compared: 2, equal: 2 },
      differences: [],
      package: { choice: "recorded", problems: [] },
      damaged: 0,
    });
    const before = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunRecord;
    expect(before.replayOf).toBeNull();
    expect(record).toEqual({ ...before, run: record.run, replayOf: id });
    expect(record.launch.keep).toBe(3);
    expect(packageOf(again)).toEqual(packageOf(folder));
  });

  test("says where the losses part, by how much, and what is not as it was", async () => {
    const { id } = await completed({ host: { threads: "2" }, data: { train: "a", test: "b" } });
    vi.stubEnv("FAKE_LOSS", "0.5");
    vi.stubEnv(
      "FAKE_FACTS",
      JSON.stringify({ host: { threads: "1", MKL_CBWR: "AVX2" }, data: { train: "a", test: "c" } }),
    );
    const outcome = await replay(id, "--json");
    expect(outcome.exit).toBe(1);
    expect(outcome.json()).toMatchObject({
      equal: false,
      reached: true,
      losses: {
        compared: 4,
        equal: 0,
        first: { step: 1, a: 2.5, b: 3, difference: 0.5, ulps: 2 ** 21, ulpType: "float32" },
      },
      evals: { compared: 2, equal: 2, first: null },
      differences: [
        { path: "data.test", a: "b", b: "c" },
        { path: "host.threads", a: "2", b: "1" },
        { path: "host.MKL_CBWR", a: null, b: "AVX2" },
      ],
    });
    const { stdout } = await replay(id);
    expect(stdout).toContain(
      "the losses differ first at step 1, 2.5 → 3 (5.00e-1, 2097152 ulp of float32)",
    );
    expect(stdout).toMatch(/host\.threads +"2" +"1"\n/);
    expect(stdout).toMatch(/host\.MKL_CBWR +not recorded +"AVX2"/);
  });

  test("makes the first steps on the schedule of the whole, and is no completed run", async () => {
    const { home, id } = await completed();
    vi.stubEnv("FAKE_CALLS", join(home, "calls"));
    const outcome = await replay(id, "--steps", "3", "--json");
    expect(outcome.exit).toBe(0);
    expect(outcome.json()).toMatchObject({
      status: "cancelled",
      reason: "stopped after step 3 of 4, as asked",
      equal: true,
      steps: 3,
      losses: { compared: 3, equal: 3, missing: { a: 0, b: 0 } },
      evals: { compared: 0 },
    });
    const calls = readFileSync(join(home, "calls"), "utf8");
    expect(calls).toContain('"--stop-after","3"');
    const { record } = repeated(home, id);
    expect(record.experiment).toEqual(demo());
    expect(outcome.stderr).not.toContain("--resume");
  });

  test("as many steps as a run recorded that ended early, its last words counting", async () => {
    const home = fakePython("completes");
    const { id } = writeRun(home, {
      status: "failed",
      events: [start(), step(1, 2.5), step(2, 9), start(1), step(2, 1.25), step(3, 2.5 / 3)],
    });
    const outcome = await replay(id, "--package", "new", "--json");
    expect(outcome.json()).toMatchObject({ steps: 3, equal: true, losses: { compared: 3 } });
    expect(outcome.exit).toBe(0);
  });

  test("fails where the training does", async () => {
    const { id } = await completed();
    vi.stubEnv("FAKE_TRAINING", "crashes");
    const outcome = await replay(id, "--json");
    expect(outcome.exit).toBe(1);
    expect(outcome.json()).toMatchObject({
      status: "failed",
      equal: false,
      reached: false,
      losses: { compared: 1, equal: 1, missing: { a: 0, b: 3 } },
    });
    expect(outcome.stderr).toContain("RuntimeError: the sky fell");
  });

  test("repeats how a run diverged", async () => {
    const home = fakePython("diverges");
    await runCommand(runModule, ["run", "demo"]);
    const { id } = onlyRun(home);
    const same = await replay(id);
    expect(same.exit).toBe(0);
    expect(same.stdout).toMatch(/^bit-equal: \S+ repeats \S+ over 2 steps\n/);
    vi.stubEnv("FAKE_TRAINING", "completes");
    expect((await replay(id)).exit).toBe(1);
  });

  test("tells of damaged lines, which it cannot compare", async () => {
    const { id, folder } = await completed();
    const path = join(folder, "events.jsonl");
    const lines = readFileSync(path, "utf8").split("\n");
    const at = lines.findIndex((line) => line.includes('"step":2'));
    lines[at] = "rubbish";
    writeFileSync(path, lines.join("\n"));
    const outcome = await replay(id, "--json");
    expect(outcome.json()).toMatchObject({
      equal: true,
      damaged: 1,
      losses: { compared: 3, missing: { a: 1, b: 0 } },
    });
  });
});

describe("a package that is not as it was written", () => {
  const edit = (folder: string): string => {
    const [name = "none"] = readdirSync(join(folder, "package"));
    const path = join(folder, "package", name, "blocks.py");
    appendFileSync(path, "# mine\n");
    return path;
  };

  test("is refused, with the file; or trained as it is, or emitted anew", async () => {
    const { home, id, folder } = await completed();
    const path = edit(folder);
    const refused = await replay(id, "--json");
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain("FOV0141");
    expect(refused.stderr).toContain("blocks.py was edited");
    expect(readdirSync(join(home, "runs"))).toEqual([id]);

    const asIs = await replay(id, "--package", "as-is", "--json");
    expect(asIs.exit).toBe(0);
    expect(asIs.json()).toMatchObject({
      package: { choice: "as-is", problems: ["blocks.py was edited"] },
    });
    expect(packageOf(repeated(home, id).folder)).toEqual(packageOf(folder));
    rmSync(repeated(home, id).folder, { recursive: true });

    const anew = await replay(id, "--package", "new", "--json");
    expect(anew.exit).toBe(0);
    const emitted = Object.values(packageOf(repeated(home, id).folder)).join("");
    expect(emitted).not.toContain("# mine");
    expect(readFileSync(path, "utf8")).toContain("# mine");
  });

  test("as missing, added, or of another network", async () => {
    const { id, folder } = await completed();
    const [name = "none"] = readdirSync(join(folder, "package"));
    const at = join(folder, "package", name);
    rmSync(join(at, "layers.py"));
    writeFileSync(join(at, "extra.py"), "");
    expect((await replay(id)).stderr).toMatch(/layers\.py is missing[\s\S]*extra\.py was added/);
    const manifest = readFileSync(join(at, "manifest.json"), "utf8");
    writeFileSync(join(at, "manifest.json"), manifest.replace('"initStd": 0.1', '"initStd": 0.2'));
    expect((await replay(id)).stderr).toContain("manifest.json is of another network");
    writeFileSync(join(at, "manifest.json"), "{}");
    expect((await replay(id)).stderr).toContain("manifest.json is none that fovea wrote");
    rmSync(at, { recursive: true });
    const gone = await replay(id);
    expect(gone.exit).toBe(2);
    expect(gone.stderr).toContain("is gone");
  });
});

describe("mistakes", () => {
  test("an unknown run, and one that is under way", async () => {
    const home = fakePython("completes");
    const unknown = await replay("demo-00000000-1", "--json");
    expect(unknown.exit).toBe(2);
    expect(unknown.json()).toMatchObject({ error: { code: "FOV0070" } });
    const { id } = writeRun(home, { status: "running", pid: process.pid });
    const live = await replay(id, "--json");
    expect(live.exit).toBe(2);
    expect(live.json()).toMatchObject({ error: { code: "FOV0140" } });
  });

  test("a run without steps, and steps that it does not have", async () => {
    const home = fakePython("completes");
    const { id } = writeRun(home, { status: "failed", events: [start()] });
    const empty = await replay(id, "--json");
    expect(empty.exit).toBe(2);
    expect(empty.json()).toMatchObject({ error: { code: "FOV0140" } });
    const events = [start(), step(2), step(4)];
    const { id: sparse } = writeRun(home, { counter: 2, events });
    for (const steps of ["1", "5", "0", "x"]) {
      const outcome = await replay(sparse, "--steps", steps, "--json");
      expect(outcome.exit).toBe(2);
      expect(outcome.json()).toMatchObject({ error: { code: "FOV0040", path: "--steps" } });
    }
  });

  test("a record that was edited", async () => {
    const { id, folder } = await completed();
    const path = join(folder, "run.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"seed": 0', '"seed": 1'));
    const outcome = await replay(id, "--json");
    expect(outcome.exit).toBe(2);
    expect(outcome.json()).toMatchObject({ error: { code: "FOV0140" } });
  });

  test("data that is gone or has changed since", async () => {
    const home = fakePython("completes");
    const data = {
      type: "image_folder",
      root: "/nowhere",
      train: "train",
      validation: "val",
      workers: 0,
      corrupt: 0,
    } as const;
    const { id } = writeRun(home, {
      experiment: { ...demo(), data },
      events: [{ ...start(), data: { train: "aa", test: "bb" } } as never, step(1)],
    });
    const message = "image_folder: there is no folder /nowhere";
    vi.stubEnv("FAKE_DATA", JSON.stringify({ error: { code: "FOV0100", message, list: [] } }));
    const gone = await replay(id, "--package", "new", "--json");
    expect(gone.exit).toBe(2);
    expect(gone.json()).toMatchObject({ error: { code: "FOV0100", message } });
    expect(readdirSync(join(home, "runs"))).toEqual([id]);
    vi.stubEnv("FAKE_DATA", JSON.stringify({ data: { train: "aa", test: "cc" } }));
    const changed = await replay(id, "--package", "new");
    expect(changed.stderr).toContain("the data is not what it was: test changed");
  });
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as compileReport from "../../src/cli/commands/compile-report.js";
import * as generate from "../../src/cli/commands/generate.js";
import * as inspect from "../../src/cli/commands/inspect.js";
import * as plan from "../../src/cli/commands/plan.js";
import * as report from "../../src/cli/commands/report.js";
import * as runCommandModule from "../../src/cli/commands/run.js";
import * as runsCommand from "../../src/cli/commands/runs.js";
import * as tune from "../../src/cli/commands/tune.js";
import * as verify from "../../src/cli/commands/verify.js";
import { RunRecord } from "../../src/ir/run.js";
import { runCommand } from "../support/command.js";
import { fakePython, onlyRun } from "../support/harness.js";
import { temporaryFolder } from "../support/temporary.js";

const HEAD = 'import { digits, experiment, pelk, timm } from "fovea";\n';
const SWIN = "timm:swin_tiny_patch4_window7_224";

/** A file whose default export is an expression. */
function file(expression: string): string {
  const path = join(temporaryFolder(), "main.ts");
  writeFileSync(path, `${HEAD}export default ${expression};\n`);
  return path;
}

const EXPERIMENT = (model = "resnet50", options = "") =>
  file(`experiment({ name: "peer", network: timm("${model}"${options}), data: digits() })`);

/** What Python was started for. */
const modules = (home: string): string[] =>
  readFileSync(join(home, "log"), "utf8")
    .split("\n")
    .filter((call) => call.startsWith("-m"))
    .map((call) => call.replace("-m,fovea_runtime.", ""));

describe("inspect", () => {
  const run = (...words: string[]) => runCommand(inspect, ["inspect", ...words]);

  test("timm:NAME is counted by Python", async () => {
    fakePython("completes");
    const { exit, stdout } = await run(SWIN, "--json");
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: "timm_swin_tiny_patch4_window7_224",
      input: { channels: 3, size: [224, 224] },
      params: { dense: 300, nonzero: 300, embedding: 0, merged: 300 },
      macs: { dense: 300, nonzero: 300 },
      stages: [],
    });
  });

  test("a list has the cards of networks and peers in its order, from one Python", async () => {
    const home = fakePython("completes");
    vi.stubEnv("FAKE_LOG", join(home, "log"));
    const list = file('[timm("a", { input: { channels: 1 } }), pelk("tiny"), timm("b")]');
    const { stdout } = await run(list, "--size", "64x96", "--json");
    const { networks } = JSON.parse(stdout);
    expect(networks).toMatchObject([
      { name: "timm_a", params: { dense: 100 }, input: { size: [64, 96] } },
      { name: "pelk_tiny", params: { dense: 48_739_822 }, input: { size: [64, 96] } },
      { name: "timm_b", params: { dense: 300 }, input: { size: [64, 96] } },
    ]);
    expect(modules(home)).toEqual(["count"]);
    const text = (await run(list)).stdout;
    expect(text).toContain("a of timm 1.0.31: a peer, trained and compared, never generated");
    expect(text).toContain("48,739,822");
  });

  test("--compare has a row for a peer, with multiples of the first network's counts", async () => {
    fakePython("completes");
    const words = ["--compare", "pelk_tiny", SWIN, "timm:resnet50"];
    const { networks } = (await run(...words, "--json")).json() as { networks: object[] };
    expect(networks).toMatchObject([
      { name: "pelk_tiny" },
      { name: "timm_swin_tiny_patch4_window7_224", params: { dense: 300 } },
      { name: "timm_resnet50" },
    ]);
    expect((await run(...words)).stdout).toMatch(/timm_resnet50 +224×224 +300 +×/);
    const csv = (await run(...words, "--format", "csv")).stdout.split("\n");
    expect(csv[3]).toMatch(/^timm_resnet50,224,224,300,300,0,300,300,300,/);
  });

  test("networks of our own need no Python", async () => {
    vi.stubEnv("FOVEA_PYTHON", "/nothing/python");
    const { exit } = await run("pelk_tiny", "--json");
    vi.unstubAllEnvs();
    expect(exit).toBe(0);
  });

  test("what Python does not know is the user's mistake, at its place", async () => {
    fakePython("completes");
    const path = file('[pelk("tiny"), timm("known"), timm("unknown_model")]');
    const { exit, stdout, stderr } = await run(path, "--json");
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "FOV0062",
        message: "timm has no model unknown_model",
        file: path,
        line: 2,
        column: 51,
        path: "model",
        value: "unknown_model",
        allowed: null,
        fix: "did you mean resnet50?",
      },
    });
    expect(stderr).toMatch(/main\.ts:2:51: error FOV0062/);
  });

  test("a wrong --size is told before Python starts, a missing Python by itself", async () => {
    const home = fakePython("completes");
    vi.stubEnv("FAKE_LOG", join(home, "log"));
    expect((await run(SWIN, "--size", "huge")).exit).toBe(2);
    expect(existsSync(join(home, "log"))).toBe(false);
    vi.stubEnv("FOVEA_PYTHON", "/nothing/python");
    const { exit, stderr } = await run(SWIN);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("/nothing/python")]);
  });

  test("a package that Python lacks is named; another failure is Python's last word", async () => {
    fakePython("count-fails");
    expect((await run(SWIN)).stderr).toContain("RuntimeError: the moon fell");
    vi.stubEnv("FAKE_LACKS", "timm");
    const { exit, stderr } = await run(SWIN);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("lacks timm")]);
  });
});

describe("run", () => {
  const run = (...words: string[]) => runCommand(runCommandModule, ["run", ...words]);

  test("trains a peer: counted first, nothing generated, nothing verified", async () => {
    const home = fakePython("completes");
    vi.stubEnv("FAKE_LOG", join(home, "log"));
    const { exit, stderr } = await run(EXPERIMENT(), "--device", "cpu");
    expect(exit).toBe(0);
    expect(modules(home)).toEqual(["count", "train"]);
    expect(stderr).toContain("resnet50 is a model of timm 1.0.31");
    expect(stderr).toContain("nothing is generated or verified");
    const { directory, events } = onlyRun(home);
    const record = RunRecord.parse(JSON.parse(readFileSync(join(directory, "run.json"), "utf8")));
    expect(record.package).toBeNull();
    expect(record.experiment.network).toMatchObject({ kind: "timm", model: "resnet50" });
    expect(readdirSync(directory)).not.toContain("package");
    expect(events.at(-1)).toMatchObject({ type: "run_end", status: "completed" });
  });

  test("--set reaches every option of a peer", async () => {
    const home = fakePython("completes");
    const set = ["network.dropPath=0.2", "network.input.size=64", "network.model=resnet18"];
    await run(EXPERIMENT(), "--device", "cpu", ...set.flatMap((each) => ["--set", each]));
    const { directory } = onlyRun(home);
    const { experiment } = JSON.parse(readFileSync(join(directory, "run.json"), "utf8"));
    expect(experiment.network).toMatchObject({
      model: "resnet18",
      dropPath: 0.2,
      input: { channels: 3, size: 64 },
    });
    const wrong = await run(EXPERIMENT(), "--set", "network.mixers[0].kernel=7", "--json");
    expect([wrong.exit, wrong.json()]).toMatchObject([2, { error: { code: "FOV0041" } }]);
  });

  test("a model that timm does not have leaves no run", async () => {
    const home = fakePython("completes");
    const { exit, stdout } = await run(EXPERIMENT("unknown_model"), "--device", "cpu", "--json");
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "FOV0062", path: "network.model", line: 2, value: "unknown_model" },
    });
    expect(existsSync(join(home, "runs"))).toBe(false);
  });

  test("--unverified has nothing to leave out", async () => {
    const home = fakePython("completes");
    await run(EXPERIMENT(), "--device", "cpu", "--unverified");
    const warnings = onlyRun(home).events.filter(({ type }) => type === "warning");
    expect(JSON.stringify(warnings)).not.toContain("not verified");
  });

  test("a run of a peer is resumed, compared and reported", async () => {
    const home = fakePython("crashes");
    const path = EXPERIMENT();
    expect((await run(path, "--device", "cpu")).exit).toBe(1);
    const { id } = onlyRun(home);
    vi.stubEnv("FAKE_TRAINING", "completes");
    expect((await run("--resume", id)).exit).toBe(0);
    await run(path, "--device", "cpu", "--set", "network.dropPath=0.5");
    const ids = readdirSync(join(home, "runs"));
    const compared = await runCommand(runsCommand, ["runs", "compare", ...ids, "--json"]);
    expect(compared.json()).toMatchObject({
      runs: [
        { differs: { "network.dropPath": expect.anything() } },
        { differs: { "network.dropPath": expect.anything() } },
      ],
    });
    const out = join(home, "report");
    expect((await runCommand(report, ["report", "--out", out])).exit).toBe(0);
    const page = readFileSync(join(out, "index.html"), "utf8");
    expect(page).toContain("resnet50</code>, a model of timm with 1,234 trainable parameters");
    expect(page).not.toContain('class="grids"');
  });

  test("a peer is no experiment", async () => {
    fakePython("completes");
    const { exit, stderr } = await run("timm:resnet50");
    expect(exit).toBe(2);
    expect(stderr).toContain('network: timm("resnet50")');
  });
});

test.each([
  ["generate", generate, ["--out", "/nothing/out"]],
  ["plan", plan, []],
  ["verify", verify, []],
  ["compile-report", compileReport, []],
  ["tune", tune, []],
])("%s refuses a peer, and a list with one", async (name, module, words) => {
  fakePython("completes");
  const list = file('[pelk("tiny"), timm("resnet50")]');
  for (const target of [SWIN, list, EXPERIMENT()]) {
    const { exit, stdout } = await runCommand(module, [name, target, ...words, "--json"]);
    expect(exit).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "FOV0034",
      message: expect.stringContaining("trained and compared, never generated"),
    });
  }
});

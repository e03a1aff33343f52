import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/run.js";
import { planLaunch } from "../../src/harness/launch-request.js";
import { LaunchOptions, RunRecord } from "../../src/ir/run.js";
import { trainingWords } from "../../src/launch/training-words.js";
import { runCommand } from "../support/command.js";
import { fakePython, onlyRun } from "../support/harness.js";

const run = (...words: readonly string[]) => runCommand(command, ["run", "--json", ...words]);

function recordedSinks(directory: string): readonly string[] {
  const text = readFileSync(join(directory, "run.json"), "utf8");
  return RunRecord.parse(JSON.parse(text)).launch.sinks;
}

describe("--sink", () => {
  test("is recorded, and Python is told", async () => {
    const home = fakePython("completes");
    const { exit } = await run("demo", "--sink", "tensorboard", "--unverified");
    expect(exit).toBe(0);
    expect(recordedSinks(onlyRun(home).directory)).toEqual(["tensorboard"]);
    const launch = LaunchOptions.parse({ sinks: ["tensorboard", "wandb"] });
    const task = {
      directory: "/d",
      run: "r",
      resume: false,
      device: null,
      node: null,
      env: {},
      verify: null,
    };
    const words = trainingWords({ ...task, launch, python: "python", cwd: "/" });
    expect(words.slice(-4)).toEqual(["--sink", "tensorboard", "--sink", "wandb"]);
  });

  test("may be repeated or have commas; a resumed run takes the recorded ones, or none", () => {
    const recorded = LaunchOptions.parse({ sinks: ["mlflow", "wandb"] });
    expect(planLaunch({}, recorded, null).launch.sinks).toEqual(["mlflow", "wandb"]);
    expect(planLaunch({ sinks: [] }, recorded, null).launch.sinks).toEqual([]);
    expect(planLaunch({ sinks: ["wandb"] }, recorded, null).launch.sinks).toEqual(["wandb"]);
    expect(planLaunch({}, null, null).launch.sinks).toEqual([]);
  });

  test.each([
    [["--sink", "mlflow"], "FOV0150", "pip install mlflow"],
    [["--sink", "tensorboard,mlflow", "--sink", "wandb"], "FOV0150", "pip install mlflow wandb"],
    [["--sink", "tensorbord"], "FOV0040", "--sink tensorboard"],
    [["--sink", ""], "FOV0040", "--sink tensorboard"],
    [["--sink", "none,wandb"], "FOV0040", "--sink wandb"],
  ])("%j is refused before there is a run", async (words, code, fix) => {
    const home = fakePython("completes");
    const { exit, json } = await run("demo", ...words);
    expect(exit).toBe(2);
    expect(json()).toMatchObject({ error: { code, fix: expect.stringContaining(fix) } });
    expect(existsSync(join(home, "runs"))).toBe(false);
  });

  test("a package that a resumed run's record asks for is no mistake", async () => {
    const home = fakePython("crashes");
    await run("demo", "--sink", "tensorboard", "--unverified");
    vi.stubEnv("FAKE_LACKS", "tensorboard");
    vi.stubEnv("FAKE_TRAINING", "completes");
    const { exit } = await run("--resume", onlyRun(home).id, "--unverified");
    expect(exit).toBe(0);
    expect((await run("demo", "--sink", "tensorboard")).exit).toBe(2);
  });
});

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as weights from "../../src/cli/commands/weights.js";
import { answeringPython } from "../support/answering-python.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

let folder: string;
let source: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  source = join(folder, "theirs.pth");
  out = join(folder, "out.safetensors");
  writeFileSync(source, "weights");
  vi.stubEnv("FOVEA_HOME", join(folder, "home"));
});
afterEach(() => vi.unstubAllEnvs());

const COMMON = {
  network: "pelk_tiny",
  from: "theirs.pth",
  out: "out.safetensors",
  entry: null,
  average: false,
  classes: 1000,
  tensors: 366,
  parameters: 29_307_004,
  notes: [],
};

describe("weights import --project", () => {
  const REPORT = {
    ...COMMON,
    format: "slak",
    classifier: "imported",
    seed: null,
    left_out: [],
    filled: [],
    layers: [
      {
        layer: "stages.0.blocks.0.mixer.large",
        from: [
          [51, 5],
          [5, 51],
        ],
        kernel: [51, 51],
        cells: [13, 13],
        channels: 46,
        dropped: 78,
        error: 0.5254,
        cropped: 0,
      },
    ],
  };
  const project = (...more: string[]) =>
    runCommand(weights, [
      ...["weights", "import", "--from", source, "--out", out, "--project"],
      ...more,
    ]);

  test("asks Python, and tells what each kernel lost", async () => {
    const asked = answeringPython(folder, REPORT);
    const outcome = await project("--format", "slak", "--network", "pelk_tiny");
    expect(outcome.exit).toBe(0);
    expect(asked()).toMatchObject({
      do: "project",
      from: source,
      out,
      format: "slak",
      classes: null,
      source_package: null,
      package: expect.stringMatching(/\/pelk_tiny$/),
    });
    expect(outcome.stdout.trimEnd().split("\n")).toEqual([
      "pelk_tiny: 366 tensors, 29,307,004 parameters (slak) in out.safetensors",
      "",
      "layer                          kernel               cells   channels  error  cropped",
      "stages.0.blocks.0.mixer.large  51×5 + 5×51 → 51×51  13×13  46 of 124  52.5%     0.0%",
    ]);
  });

  test("a file of our own names its network", async () => {
    const asked = answeringPython(folder, REPORT);
    const words = ["--format", "fovea", "--source", "slak_tiny", "--network", "pelk_tiny"];
    expect((await project(...words, "--json")).json()).toEqual(REPORT);
    expect(asked()).toMatchObject({
      source_package: expect.stringMatching(/\/slak_tiny$/),
      package: expect.stringMatching(/\/pelk_tiny$/),
    });
  });

  test.each([
    [["--format", "slak"], "--project needs --network"],
    [["--format", "fovea", "--network", "pelk_tiny"], "write --source NAME"],
    [["--format", "slak", "--network", "pelk_tiny", "--source", "slak_tiny"], "leave --source out"],
    [["--format", "fovea", "--network", "pelk_tiny", "--source", "nothing"], '"nothing"'],
  ])("mistakes that no Python is started for: %s", async (words, told) => {
    answeringPython(folder, REPORT);
    const outcome = await project(...words);
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain(told);
    expect(existsSync(join(folder, "request"))).toBe(false);
  });

  test("--source without --project", async () => {
    const outcome = await runCommand(weights, [
      ...["weights", "import", "--from", source, "--out", out, "--format", "slak"],
      ...["--source", "slak_tiny"],
    ]);
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain("it belongs to --project");
  });
});

describe("weights resize", () => {
  const REPORT = {
    ...COMMON,
    to: "pelk_small",
    layers: [
      {
        layer: "stages.0.blocks.0.mixer.large",
        from: [51, 51],
        kernel: [61, 61],
        copied: 81,
        averaged: 144,
        added: 3,
        grown: 56,
        dropped: 7,
        change: 0.29,
      },
    ],
  };
  const resize = (...more: string[]) =>
    runCommand(weights, ["weights", "resize", "--from", source, "--out", out, ...more]);

  test("asks Python with both packages, and tells what became of the cells", async () => {
    const asked = answeringPython(folder, REPORT);
    const outcome = await resize("--network", "pelk_tiny", "--to", "pelk_small", "--ema");
    expect(outcome.exit).toBe(0);
    expect(asked()).toMatchObject({
      do: "resize",
      from: source,
      average: true,
      package: expect.stringMatching(/\/pelk_tiny$/),
      to_package: expect.stringMatching(/\/pelk_small$/),
    });
    expect(outcome.stdout.trimEnd().split("\n")).toEqual([
      "pelk_tiny → pelk_small: 366 tensors, 29,307,004 parameters in out.safetensors",
      "",
      "layer                          kernel         copied  averaged  added  grown  dropped  change",
      "stages.0.blocks.0.mixer.large  51×51 → 61×61      81       144      3     56        7   29.0%",
    ]);
    const json = await resize("--network", "pelk_tiny", "--to", "pelk_small", "--json");
    expect(json.json()).toEqual(REPORT);
  });

  test.each([
    [["--to", "pelk_small"], "--network is not given"],
    [["--network", "pelk_tiny", "--to", "pelk_smal"], "did you mean pelk_small"],
    [["--network", "pelk_tiny", "--to", "kernel.py"], "--to kernel.py: this is a kernel file"],
  ])("mistakes that no Python is started for: %s", async (words, told) => {
    answeringPython(folder, REPORT);
    const kernel = join(folder, "kernel.py");
    writeFileSync(kernel, "");
    const outcome = await resize(...words.map((word) => (word === "kernel.py" ? kernel : word)));
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr.replaceAll(kernel, "kernel.py")).toContain(told);
    expect(existsSync(join(folder, "request"))).toBe(false);
  });
});

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fuse from "../../src/cli/commands/fuse.js";
import * as weights from "../../src/cli/commands/weights.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { answeringPython } from "../support/answering-python.js";
import { runCommand } from "../support/command.js";
import { writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

let folder: string;
let source: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  source = join(folder, "own.safetensors");
  out = join(folder, "fused.safetensors");
  writeFileSync(source, "weights");
  vi.stubEnv("FOVEA_HOME", join(folder, "home"));
});
afterEach(() => vi.unstubAllEnvs());

const REPORT = {
  network: "pelk_tiny",
  from: "own.safetensors",
  out: "fused.safetensors",
  entry: null,
  average: false,
  classes: 10,
  tensors: 182,
  params: { before: 48_739_822, after: 46_000_000 },
  macs: { size: [224, 224], before: 9_735_000_000, after: 9_700_000_000 },
  limit: 1e-5,
  passed: true,
  sizes: [{ size: [224, 280], images: 4, error: 1.83e-7 }],
  exact: null,
  dense: [{ layer: "stages.0.blocks.0.mixer.large", kernel: [51, 51] }],
  notes: ["182 float16 tensors are cast to float32, exactly"],
};

const run = (...words: string[]) =>
  runCommand(fuse, ["fuse", "--from", source, "--out", out, ...words]);

describe("fovea fuse", () => {
  test("asks Python with everything that was said", async () => {
    const asked = answeringPython(folder, REPORT);
    const words = ["--network", "pelk_tiny", "--ema", "--allow-dense", "--images", folder];
    const outcome = await run(...words, "--size", "224", "192x256");
    expect(outcome.exit).toBe(0);
    expect(asked()).toMatchObject({
      do: "fuse",
      from: source,
      out,
      average: true,
      allow_dense: true,
      images: folder,
      sizes: [
        [224, 224],
        [192, 256],
      ],
      package: expect.stringMatching(/\/pelk_tiny$/),
    });
    expect(outcome.stdout.trimEnd().split("\n")).toEqual([
      "pelk_tiny: fused, 182 tensors in fused.safetensors",
      "  182 float16 tensors are cast to float32, exactly",
      "  parameters  48,739,822 → 46,000,000",
      "  MACs        9.735 G → 9.700 G at 224×224",
      "  outputs     1.8e-7 apart on 4 images of 224×280 (limit 1.0e-5)",
      "  dense       stages.0.blocks.0.mixer.large, 51×51 weights now",
      "  load with   create_model(num_classes=10).fuse()",
    ]);
  });

  test("asks for nothing that was not said", async () => {
    const asked = answeringPython(folder, REPORT);
    expect((await run("--network", "pelk_tiny", "--json")).json()).toEqual(REPORT);
    expect(asked()).toMatchObject({
      average: false,
      allow_dense: false,
      images: null,
      sizes: null,
    });
  });

  test.each([
    [3e-12, "float32 too coarse"],
    [2e-3, "the merge is wrong"],
    [null, "infinitely far apart: the merge is wrong"],
  ])("exits 1 where the outputs differ (%s in float64)", async (exact, told) => {
    const sizes = [{ size: [224, 224], images: 4, error: exact === null ? null : 1e-3 }];
    answeringPython(folder, { ...REPORT, passed: false, out: null, exact, sizes });
    const outcome = await run("--network", "pelk_tiny");
    expect(outcome.exit).toBe(1);
    expect(outcome.stdout).toContain("computes something else; nothing is written");
    expect(outcome.stdout).toContain(told);
    expect(outcome.stdout).not.toContain("load with");
    const json = await run("--network", "pelk_tiny", "--json");
    expect(json.exit).toBe(1);
    expect(json.json()).toMatchObject({ passed: false, out: null });
  });

  test("a broken sharing is the user's to decide", async () => {
    const error = {
      code: "FOV0083",
      message: "fusing a would break the sharing of 1 kernels",
      list: ["stages.0.blocks.0.mixer.large: the 7x7 branch is wider"],
      fix: "--allow-dense makes them dense",
    };
    answeringPython(folder, { error }, 2);
    const outcome = await run("--network", "pelk_tiny");
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain("error FOV0083: fusing a would break");
    expect(outcome.stderr).toContain("  stages.0.blocks.0.mixer.large: the 7x7 branch is wider");
  });

  test.each([
    [["--network", "pelk_tiny", "--size", "0"], "--size 0: not a positive whole number"],
    [["--network", "pelk_tyny"], "did you mean pelk_tiny"],
    [[], "--network is not given"],
    [["--from", "absent.pt", "--network", "pelk_tiny"], "there is no such file"],
    [["--out", "a.pth", "--network", "pelk_tiny"], "a file that ends in .safetensors"],
  ])("mistakes that no Python is started for: %s", async (words, told) => {
    answeringPython(folder, REPORT);
    const outcome = await run(...words);
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain(told);
    expect(existsSync(join(folder, "request"))).toBe(false);
  });
});

describe("a run stands for its last checkpoint and its package", () => {
  let id: string;
  let directory: string;
  beforeEach(() => {
    ({ id, directory } = writeRun(join(folder, "home")));
    mkdirSync(join(directory, "checkpoints"));
  });

  test.each(["id", "folder", "last.pt"])("named by its %s", async (how) => {
    const last = join(directory, "checkpoints", "last.pt");
    writeFileSync(last, "weights");
    const asked = answeringPython(folder, REPORT);
    const named = { id, folder: directory, "last.pt": last }[how] ?? "";
    const outcome = await runCommand(fuse, ["fuse", "--from", named, "--out", out]);
    expect(outcome.stderr).toBe("");
    expect(asked()).toMatchObject({
      from: last,
      package: join(directory, "package", "pelk_digits"),
    });
  });

  test("without a checkpoint it is refused", async () => {
    answeringPython(folder, REPORT);
    const outcome = await runCommand(fuse, ["fuse", "--from", id, "--out", out]);
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain("has no checkpoint last.pt");
  });
});

/** What the checkout's Python does. */
describe("with a real Python", () => {
  test("ConvNeXt's checkpoint starts a PeLK, which is resized and fused", async () => {
    const { execa } = await import("execa");
    const { findPython } = await import("../../src/launch/python.js");
    const python = findPython(packageRoot).command;
    vi.stubEnv("FOVEA_PYTHON", python);
    const make = `
import sys, timm, torch
from timm.models.convnext import ConvNeXt
torch.manual_seed(1)
torch.save(ConvNeXt(depths=(1, 1, 1, 1), dims=(8, 8, 8, 16), num_classes=5).state_dict(), sys.argv[1])`;
    const theirs = join(folder, "theirs.pth");
    await execa(python, ["-c", make, theirs]);
    const declare = (name: string, centre: number) => {
      const file = join(folder, `${name}.arch.ts`);
      const mixers = [21, 13, 13, 13].map((k) => `peripheral({ kernel: ${k}, centre: ${centre} })`);
      writeFileSync(
        file,
        `import { classifier, convnext, peripheral } from "fovea";
export default convnext("tiny", { name: "${name}", input: { channels: 3, size: 64 }, depths: [1, 1, 1, 1],
  widths: [8, 8, 8, 16], head: classifier(5), mixers: [${mixers}] });`,
      );
      return file;
    };
    const [first, second] = [declare("small_centre", 5), declare("large_centre", 7)];
    const projected = await runCommand(weights, [
      ...["weights", "import", "--from", theirs, "--format", "timm", "--project", "--json"],
      ...["--network", first, "--out", source],
    ]);
    expect(projected.stderr).toBe("");
    expect(projected.json()).toMatchObject({
      network: "small_centre",
      classifier: "imported",
      layers: [
        { from: [[7, 7]], kernel: [21, 21], cells: [11, 11], channels: 3, dropped: 5 },
        { kernel: [13, 13], channels: 3 },
        { kernel: [13, 13], channels: 3 },
        { kernel: [13, 13], channels: 6 },
      ],
    });
    const resized = join(folder, "resized.safetensors");
    const carried = await runCommand(weights, [
      ...["weights", "resize", "--from", source, "--network", first, "--to", second],
      ...["--out", resized, "--json"],
    ]);
    expect(carried.json()).toMatchObject({ network: "small_centre", to: "large_centre" });
    const words = ["fuse", "--from", resized, "--network", second, "--out", out, "--json"];
    const fused = await runCommand(fuse, words);
    expect(fused.stderr).toBe("");
    expect(fused.json()).toMatchObject({ passed: true, classes: 5, dense: [] });
    expect(existsSync(out)).toBe(true);
  }, 300_000);
});

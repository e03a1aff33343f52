import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as exporting from "../../src/cli/commands/export.js";
import { createProgram } from "../../src/cli/main.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

let folder: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder, "net.onnx");
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

const REPORT = {
  network: "pelk_digits",
  format: "onnx",
  out: "/there/net.onnx",
  files: [{ path: "/there/net.onnx", bytes: 508_105, sha256: "ab".repeat(32) }],
  weights: null,
  fused: true,
  dtype: "float32",
  classes: 10,
  parameters: 100_530,
  opset: 20,
  inputs: [{ name: "images", shape: ["batch", 1, "height", "width"] }],
  outputs: [{ name: "logits", shape: ["batch", 10] }],
  operators: { Conv: 8 },
  limit: 1e-4,
  passed: true,
  checks: [
    { images: 1, size: [48, 48], error: 1.6e-7 },
    { images: 3, size: [30, 37], error: 0 },
  ],
  notes: ["the weights are fresh, drawn with seed 0"],
};

/** A `python` that keeps the request beside it and answers it. */
function pythonThat(answer: object | null, status = 0, said = ""): void {
  const script = join(folder, "python");
  writeFileSync(join(folder, "answer"), answer === null ? "" : JSON.stringify(answer));
  writeFileSync(
    script,
    `#!/bin/sh
cat > ${folder}/request
echo "$1 $2" > ${folder}/words
[ -n "${said}" ] && echo "${said}" >&2
cat ${folder}/answer
exit ${status}
`,
  );
  chmodSync(script, 0o755);
  vi.stubEnv("FOVEA_PYTHON", script);
}

const request = () => JSON.parse(readFileSync(join(folder, "request"), "utf8"));
const run = (...words: string[]) =>
  runCommand(exporting, ["export", "pelk_digits", "--format", "onnx", "--out", out, ...words]);

test("is a command", async () => {
  const program = await createProgram("export");
  expect(program.commands.map((command) => command.name())).toEqual(["export"]);
});

describe("what Python is asked, and what it answers", () => {
  test("by default: fresh weights, any batch, any size", async () => {
    pythonThat(REPORT);
    const outcome = await run();
    expect(outcome.exit).toBe(0);
    expect(readFileSync(join(folder, "words"), "utf8")).toBe("-m fovea_runtime.export\n");
    const { known, ...asked } = request();
    expect(asked).toEqual({
      format: "onnx",
      out,
      package: expect.stringMatching(/\/pelk_digits$/),
      weights: null,
      average: false,
      fused: false,
      size: null,
      batch: null,
      dtype: "float32",
    });
    expect(known.map(({ name }: { name: string }) => name)).toContain("replknet_xl");
    expect(existsSync(asked.package)).toBe(false);
    expect(outcome.stdout).toBe(
      [
        "pelk_digits: 100,530 parameters, onnx, opset 20, float32, fused",
        "  the weights are fresh, drawn with seed 0",
        "  images (batch, 1, height, width)",
        "  logits (batch, 10)",
        "  1 image of 48×48: logits off by 1.6e-7, limit 1.0e-4",
        "  3 images of 30×37: logits off by 0.0e+0, limit 1.0e-4",
        "  /there/net.onnx  508,105 bytes",
        "",
      ].join("\n"),
    );
  });

  test("every option goes to Python", async () => {
    pythonThat(REPORT);
    const weights = join(folder, "trained.safetensors");
    writeFileSync(weights, "weights");
    const words = ["--size", "64x48", "--batch", "4", "--dtype", "float16", "--fused", "--ema"];
    expect((await run("--weights", weights, ...words)).exit).toBe(0);
    expect(request()).toMatchObject({
      weights,
      average: true,
      fused: true,
      size: [64, 48],
      batch: 4,
      dtype: "float16",
    });
  });

  test("a generated package is taken as it is", async () => {
    pythonThat(REPORT);
    const generated = join(packageRoot, "generated/slak_tiny");
    await runCommand(exporting, ["export", generated, "--format", "onnx", "--out", out]);
    expect(request().package).toBe(generated);
  });

  test("--json prints Python's report", async () => {
    pythonThat(REPORT);
    expect((await run("--json")).json()).toEqual(REPORT);
  });

  test("a hub folder says how timm loads it", async () => {
    const { opset, inputs, outputs, operators, ...rest } = REPORT;
    pythonThat({ ...rest, format: "hf", out: "/hub", architecture: "fovea_pelk_digits" });
    const words = ["pelk_digits", "--format", "hf", "--out", join(folder, "hub/")];
    const outcome = await runCommand(exporting, ["export", ...words]);
    expect(outcome.exit).toBe(0);
    expect(request().out).toBe(join(folder, "hub"));
    expect(outcome.stdout).toContain(
      'timm.create_model("local-dir:/hub", pretrained=True) builds fovea_pelk_digits',
    );
  });

  test("what differs from the network is exit 1", async () => {
    const checks = [{ images: 1, size: [48, 48], error: null }];
    pythonThat({ ...REPORT, passed: false, out: null, files: [], checks }, 1);
    const outcome = await run();
    expect(outcome.exit).toBe(1);
    expect(outcome.stdout).toContain("logits not finite, limit 1.0e-4");
    expect(outcome.stdout).toContain("it differs from the network: nothing is written");
  });

  test("a mistake that Python finds is told with a line a key", async () => {
    const list = ["missing: norm.bias (998)", "extra: other (1)"];
    const error = { code: "FOV0082", message: "a.safetensors does not fit pelk_digits", list };
    pythonThat({ error: { ...error, value: "a.safetensors" } }, 2);
    const outcome = await run("--json");
    expect(outcome.exit).toBe(2);
    expect(outcome.json()).toMatchObject({
      error: { code: "FOV0082", message: [error.message, ...list].join("\n") },
    });
  });

  test.each([
    ["ModuleNotFoundError: No module named 'torch'", "FOV0060", 2],
    ["RuntimeError: the exporter fell", "FOV0090", 1],
  ])("a Python that fails is told: %s", async (said, code, exit) => {
    pythonThat(null, 1, said);
    const outcome = await run();
    expect(outcome.exit).toBe(exit);
    expect(outcome.stderr).toContain(`error ${code}: Python failed at the export: ${said}`);
  });
});

describe("mistakes that no Python is started for", () => {
  beforeEach(() => {
    pythonThat(REPORT);
    mkdirSync(join(folder, "folder"));
    writeFileSync(join(folder, "file"), "");
    vi.spyOn(process, "cwd").mockReturnValue(folder);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    expect(existsSync(join(folder, "request"))).toBe(false);
  });

  test.each<[string[], string, string]>([
    [["--out", "folder"], "--out folder", "this names no file"],
    [["--out", "a/"], "--out a/", "this names no file"],
    [["--out", ""], '--out ""', "this names no file"],
    [["--out", "a.pt2"], "--out a.pt2", ".pt2 is the ending of --format torch-export"],
    [["--format", "torch-export", "--out", "a.zip"], "--out a.zip", "write --out FILE.pt2"],
    [["--format", "safetensors", "--out", "a"], "--out a", "write --out FILE.safetensors"],
    [["--format", "hf", "--out", "file"], "--out file", "this is a file"],
    [["--format", "hf", "--out", "hub", "--fused"], "--fused", "training form"],
    [["--dtype", "bfloat16"], "--dtype bfloat16", "float32, float16 for ONNX"],
    [["--size", "0"], "--size 0", "not a positive whole number"],
    [["--size", "3x4x5"], "--size 3x4x5", "more than two sides"],
    [["--batch", "many"], "--batch many", "write --batch dynamic"],
    [["--weights", "absent.safetensors"], "absent.safetensors", "there is no such file"],
    [["--weights", "folder"], "--weights folder", "this is a folder, not a file"],
    [["--ema"], "--ema", "fresh weights have no average"],
    [["--weights", "file", "--out", "file"], "--out file", "these are the weights themselves"],
  ])("%j", async (words, ...told) => {
    const outcome = await run(...words);
    expect([outcome.exit, outcome.stdout]).toEqual([2, ""]);
    for (const each of told) expect(outcome.stderr).toContain(each);
  });

  test("a place that cannot be written is told before any work", async () => {
    const outcome = await run("--out", "/proc/nowhere/net.onnx");
    expect([outcome.exit, outcome.stdout]).toEqual([1, ""]);
    expect(outcome.stderr).toMatch(/error FOV0051: \/proc\/nowhere\/net\.onnx cannot be written/);
  });

  test.each([
    ["two.ts", "it declares 2 networks (one, two)"],
    ["kernel.py", "this is a kernel file, not a network"],
    ["pelk_digit", "pelk_digits"],
  ])("TARGET %s", async (target, told) => {
    writeFileSync(
      join(folder, "two.ts"),
      `import { convnext } from "fovea";
export default [convnext("tiny", { name: "one" }), convnext("tiny", { name: "two" })];`,
    );
    writeFileSync(join(folder, "kernel.py"), "");
    const words = [target, "--format", "onnx", "--out", out];
    const outcome = await runCommand(exporting, ["export", ...words]);
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain(told);
  });
});

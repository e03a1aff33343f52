import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as verify from "../../src/cli/commands/verify.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const CERTIFICATE = {
  v: 1,
  kernel: "dense_7x7",
  hash: "ab".repeat(32),
  device: "cpu",
  device_name: "x86_64 AVX2",
  versions: { fovea: "0.1.0", python: "3.11.7", torch: "2.15.0", triton: null },
  limits: { float32: 1e-5 },
  errors: { fft: { float32: { forward: 2.5e-7, input_gradient: 3e-7 } } },
  failures: [] as string[],
  notes: ["triton is not installed, so its method was not run"],
  passed: true,
  cached: false,
};

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

/** A `python` that says what it was called with on stderr, prints `stdout` and ends. */
function pythonThat(stdout: string, status: number): void {
  const script = join(folder, "python");
  writeFileSync(
    script,
    `#!/bin/sh\necho "called $*" >&2\ncat <<'END'\n${stdout}\nEND\nexit ${status}\n`,
  );
  chmodSync(script, 0o755);
  vi.stubEnv("FOVEA_PYTHON", script);
}

function kernelFile(): string {
  const file = join(folder, "kernel.py");
  writeFileSync(file, "");
  return file;
}

test("a kernel file goes to Python as it is, and the certificate is told", async () => {
  pythonThat(JSON.stringify({ kernels: [CERTIFICATE] }), 0);
  const file = kernelFile();
  const outcome = await runCommand(verify, ["verify", file, "--device", "cpu"]);
  expect(outcome.exit).toBe(0);
  expect(outcome.stderr).toContain(
    `called -m fovea_runtime.verify ${file} --device cpu --cache ${join(folder, "cache")} --json`,
  );
  expect(outcome.stdout).toBe(
    [
      "dense_7x7 passed on cpu (x86_64 AVX2)",
      "  fft float32: worst relative error 3.0e-7, limit 1e-5",
      "  triton is not installed, so its method was not run",
      "",
    ].join("\n"),
  );
});

test("--json hands Python's document on, whole", async () => {
  const document = { kernels: [CERTIFICATE, { ...CERTIFICATE, kernel: "other", cached: true }] };
  pythonThat(JSON.stringify(document), 0);
  const outcome = await runCommand(verify, ["verify", kernelFile(), "--device", "cpu", "--json"]);
  expect(outcome.exit).toBe(0);
  expect(outcome.json()).toEqual(document);
});

test("a kernel that fails is exit 1, with what failed", async () => {
  const errors = { fft: { float32: { forward: null } } };
  const failed = { ...CERTIFICATE, passed: false, failures: ["fft: off by 1"], errors };
  pythonThat(JSON.stringify({ kernels: [failed] }), 1);
  const outcome = await runCommand(verify, ["verify", kernelFile(), "--device", "cpu"]);
  expect(outcome.exit).toBe(1);
  expect(outcome.stdout).toContain("dense_7x7 FAILED");
  expect(outcome.stdout).toContain("worst relative error not finite");
  expect(outcome.stdout).toContain("  fft: off by 1");
});

test.each([
  [2, 2, "FOV0040"],
  [1, 1, "FOV0061"],
])("Python without a certificate and exit %i is exit %i", async (status, exit, code) => {
  pythonThat("", status);
  const outcome = await runCommand(verify, ["verify", kernelFile(), "--device", "cpu", "--json"]);
  expect(outcome.exit).toBe(exit);
  expect(outcome.json()).toMatchObject({
    error: { code, message: expect.stringContaining("called") },
  });
});

test("a package goes to Python as it is; a shipped name is emitted first", async () => {
  pythonThat(JSON.stringify({ kernels: [CERTIFICATE] }), 0);
  const directory = join(folder, "net");
  mkdirSync(directory);
  writeFileSync(join(directory, "manifest.json"), "{}");
  const packaged = await runCommand(verify, ["verify", directory, "--device", "cpu"]);
  expect(packaged.stderr).toContain(`verify ${directory} --device`);
  const shipped = await runCommand(verify, ["verify", "pelk_digits", "--device", "cpu"]);
  expect(shipped.stderr).toMatch(/verify \S+fovea-verify-\S+pelk_digits --device/);
});

test("a target that is nothing is the user's mistake", async () => {
  const outcome = await runCommand(verify, ["verify", join(folder, "nothing"), "--device", "cpu"]);
  expect([outcome.exit, outcome.stdout]).toEqual([2, ""]);
});

test.each([
  ["a target below a file", () => join(kernelFile(), "package"), "there is no file"],
  ["a name that no disk takes", () => "a".repeat(300), "the name is too long"],
])("%s is the user's mistake", async (_, target, words) => {
  const outcome = await runCommand(verify, ["verify", target()]);
  expect(outcome.exit).toBe(2);
  expect(outcome.stderr).toContain("error FOV0030");
  expect(outcome.stderr).toContain(words);
});

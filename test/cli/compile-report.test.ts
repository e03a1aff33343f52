import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as compileReport from "../../src/cli/commands/compile-report.js";
import { ARCHES, DTYPES } from "../../src/harness/architectures.js";
import { pythonEnvironment } from "../../src/launch/environment.js";
import { findPython } from "../../src/launch/python.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const ROW = {
  kernel: "_convolve_kernel",
  arch: "sm_90",
  registers: 80,
  spills: 0,
  shared: 4096,
  mma: "wgmma",
  module: "dense_7x7",
  hash: "ab".repeat(32),
  dtypes: ["bf16"],
  maps: [
    [56, 56],
    [37, 41],
  ],
  signature: { x_pointer: "*bf16" },
  constants: { SIGN: -1, BLOCK: 32 },
  cubin: "/cache/_convolve_kernel.cubin",
};

const report = (kernels: readonly object[], failures: readonly string[] = []) =>
  JSON.stringify({ versions: { triton: "3.9.0" }, kernels, failures });

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

/** A `python` that says how it was called on stderr, prints `stdout` and ends. */
function pythonThat(stdout: string, status: number): void {
  const script = join(folder, "python");
  const text = `echo "called $* with $TRITON_CACHE_DIR" >&2\ncat <<'END'\n${stdout}\nEND`;
  writeFileSync(script, `#!/bin/sh\n${text}\nexit ${status}\n`);
  chmodSync(script, 0o755);
  vi.stubEnv("FOVEA_PYTHON", script);
}

function kernelFile(): string {
  const file = join(folder, "kernel.py");
  writeFileSync(file, "");
  return file;
}

const run = (...words: string[]) => runCommand(compileReport, ["compile-report", ...words]);

test("a kernel file goes to Python as it is, and a table is printed a file", async () => {
  const plain = { ...ROW, kernel: "_sum", mma: null, constants: {}, maps: [[14, 14]] };
  pythonThat(report([ROW, { ...ROW, module: "dense_9x9", spills: 8 }, plain]), 0);
  const file = kernelFile();
  const outcome = await run(file);
  expect(outcome.exit).toBe(0);
  expect(outcome.stderr).toContain(
    `called -m fovea_runtime.compile_report ${file} --arch sm_80,sm_90,sm_100,sm_120 --dtype bf16,fp32 with ${join(folder, "cache", "triton")}`,
  );
  const head =
    "Kernel            Arch   Dtype  Maps         Constants         Registers  Spills  Shared  Matrix";
  const start = "_convolve_kernel  sm_90  bf16   56x56 37x41  SIGN=-1 BLOCK=32         80";
  expect(outcome.stdout.trimEnd().split("\n")).toEqual([
    "dense_7x7",
    "",
    head,
    `${start}       0    4096  wgmma`,
    "_sum              sm_90  bf16   14x14                                 80       0    4096  -",
    "",
    "dense_9x9",
    "",
    head,
    `${start}       8    4096  wgmma`,
  ]);
});

test("--json hands Python's document on, whole; a spill is exit 1", async () => {
  const document = report([{ ...ROW, spills: 16 }], ["dense_7x7 _convolve_kernel sm_90 spills"]);
  pythonThat(document, 1);
  const words = ["--arch", "sm_90,sm_86,sm_90", "--dtype", "fp16", "--json"];
  const outcome = await run(kernelFile(), ...words);
  expect(outcome.exit).toBe(1);
  expect(outcome.stderr).toContain("--arch sm_90,sm_86 --dtype fp16");
  expect(outcome.json()).toEqual(JSON.parse(document));
});

test.each([
  ["--arch", "sm_90,sm_70", "sm_70 is unknown", "sm_80, sm_86, sm_89, sm_90, sm_100, sm_120"],
  ["--arch", "", '"" is unknown', "sm_80"],
  ["--dtype", "fp64", "fp64 is unknown", "bf16, fp16, fp32"],
])("%s %s is the user's mistake", async (option, written, message, allowed) => {
  pythonThat(report([ROW]), 0);
  const outcome = await run(kernelFile(), option, written, "--json");
  expect(outcome.exit).toBe(2);
  expect(outcome.stderr).not.toContain("called");
  expect(outcome.json()).toMatchObject({
    error: {
      code: "FOV0040",
      path: option,
      value: written,
      message: expect.stringContaining(message),
      allowed: expect.stringContaining(allowed),
    },
  });
});

test.each([
  [2, 2, "FOV0040"],
  [1, 1, "FOV0061"],
])("Python without a report and exit %i is exit %i", async (status, exit, code) => {
  pythonThat("", status);
  const outcome = await run(kernelFile(), "--json");
  expect(outcome.exit).toBe(exit);
  expect(outcome.json()).toMatchObject({
    error: { code, message: expect.stringContaining("called") },
  });
});

test("a package goes to Python as it is; a shipped name is emitted first", async () => {
  pythonThat(report([ROW]), 0);
  const directory = join(folder, "net");
  mkdirSync(directory);
  writeFileSync(join(directory, "manifest.json"), "{}");
  expect((await run(directory)).stderr).toContain(`compile_report ${directory} --arch`);
  expect((await run("pelk_digits")).stderr).toMatch(/compile_report \S+pelk_digits --arch/);
});

test("a target that is nothing is the user's mistake", async () => {
  const outcome = await run(join(folder, "nothing"));
  expect([outcome.exit, outcome.stdout]).toEqual([2, ""]);
});

test("Python knows the same architectures and dtypes", () => {
  const { command } = findPython(process.cwd());
  const words = ["-m", "fovea_runtime.compile_report", "--help"];
  const env = { ...pythonEnvironment(), COLUMNS: "200" };
  const { stdout } = spawnSync(command, words, { encoding: "utf8", env });
  expect(stdout).toContain(`of ${ARCHES.join(", ")}\n`);
  expect(stdout).toContain(`of ${DTYPES.join(", ")}\n`);
});

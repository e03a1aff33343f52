import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/doctor.js";
import type { Diagnosis } from "../../src/harness/diagnose.js";
import { runCommand } from "../support/command.js";
import { fakePython } from "../support/harness.js";

const doctor = async () => {
  const outcome = await runCommand(command, ["doctor", "--json"]);
  return { ...outcome, diagnosis: outcome.json() as Diagnosis };
};

test("a machine without a GPU is in order, and says what would run where", async () => {
  fakePython("completes");
  const { exit, diagnosis } = await doctor();
  expect(exit).toBe(0);
  expect(diagnosis.ok).toBe(true);
  expect(diagnosis.runs).toMatchObject({ device: "cpu", kernels: expect.stringContaining("FFT") });
  const names = diagnosis.findings.map(({ name }) => name);
  for (const name of [
    "Node.js",
    "Python",
    "torch",
    "triton",
    "timm",
    "GPU",
    "Slurm",
    "disk for runs",
  ]) {
    expect(names).toContain(name);
  }
  expect(diagnosis.findings.find(({ name }) => name === "torch")).toEqual({
    name: "torch",
    status: "ok",
    found: "2.15.0",
    fix: null,
  });
  const { stdout } = await runCommand(command, ["doctor"]);
  expect(stdout).toMatch(/ok +torch +2\.15\.0/);
  expect(stdout).toContain("--device auto   cpu");
});

describe("what is required and missing", () => {
  test("no interpreter: exit 1, with the fix", async () => {
    const home = fakePython("completes");
    vi.stubEnv("FOVEA_PYTHON", join(home, "no-python"));
    const { exit, diagnosis } = await doctor();
    expect(exit).toBe(1);
    expect(diagnosis).toMatchObject({ ok: false, runs: { device: null } });
    expect(diagnosis.findings.find(({ name }) => name === "Python")).toMatchObject({
      status: "missing",
      found: expect.stringContaining("no-python"),
      fix: expect.stringContaining("fovea setup"),
    });
  });

  test("a package", async () => {
    fakePython("completes");
    vi.stubEnv("FAKE_LACKS", "timm");
    const { exit, diagnosis } = await doctor();
    expect(exit).toBe(1);
    expect(diagnosis.findings.find(({ name }) => name === "timm")).toEqual({
      name: "timm",
      status: "missing",
      found: "not installed",
      fix: "run `fovea setup`",
    });
  });
});

describe("Slurm", () => {
  /** A PATH on which `sinfo` does what is said. */
  const sinfo = (home: string, script: string | null): void => {
    const bin = join(home, "bin");
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, "node"));
    if (script !== null) writeFileSync(join(bin, "sinfo"), script, { mode: 0o755 });
    vi.stubEnv("PATH", bin);
  };

  test.each([
    ["not installed", null, "ok", /no --launcher slurm/],
    [
      "two partitions",
      "#!/bin/sh\necho 'cpu 3 (null)'\necho 'gpu 1 gpu:h100:8'\n",
      "ok",
      /^partitions cpu \(3 nodes\), gpu \(1 node, gpu:h100:8\)$/,
    ],
    [
      "silent",
      "#!/bin/sh\necho 'slurm_load_partitions: Unable to contact slurm controller' >&2\nexit 1\n",
      "warning",
      /does not answer: .*Unable to contact/,
    ],
  ])("%s", async (_, script, status, found) => {
    sinfo(fakePython("completes"), script);
    const { exit, diagnosis } = await doctor();
    expect(exit).toBe(0);
    const finding = diagnosis.findings.find(({ name }) => name === "Slurm");
    expect(finding).toMatchObject({ status, found: expect.stringMatching(found) });
    expect(finding?.fix !== null).toBe(status === "warning");
  });
});

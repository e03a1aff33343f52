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
  for (const name of ["Node.js", "Python", "torch", "triton", "timm", "GPU", "disk for runs"]) {
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

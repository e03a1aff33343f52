import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  endOfVanished,
  endOfWord,
  isOpen,
  type JobWord,
  readJobWord,
} from "../../../src/launch/slurm/job-word.js";
import type { SlurmState } from "../../../src/launch/slurm/states.js";
import { temporaryFolder } from "../../support/temporary.js";

const word = (more: Partial<JobWord> & { code: number }): JobWord & { code: number } => ({
  job: "12",
  stage: "train",
  signal: "",
  ...more,
});
const state = (name: string, reason = "None"): SlurmState => ({
  state: name,
  reason,
  host: "node1",
});

test("only the job that is asked for is read", () => {
  const folder = temporaryFolder();
  expect(readJobWord(folder, "12")).toBe(null);
  writeFileSync(join(folder, "job.json"), JSON.stringify(word({ job: "12_3", code: 1 })));
  expect(readJobWord(folder, "12_3")).toMatchObject({ code: 1 });
  expect(readJobWord(folder, "12")).toBe(null);
  writeFileSync(join(folder, "job.json"), '{"job": "12", "sta');
  expect(readJobWord(folder, "12")).toBe(null);
});

test("a job that Slurm stopped may begin again; of one that was killed only Slurm knows why", () => {
  expect(isOpen(word({ code: 0 }))).toBe(false);
  expect(isOpen(word({ code: 1 }))).toBe(false);
  expect(isOpen(word({ code: 130, signal: "INT" }))).toBe(false);
  expect(isOpen(word({ code: 130, signal: "USR1" }))).toBe(false);
  expect(isOpen(word({ code: 130, signal: "TERM" }))).toBe(true);
  expect(isOpen(word({ code: 137 }))).toBe(true);
});

describe("what an exit code comes to", () => {
  test.each([
    [word({ code: 3 }), state("FAILED"), { exitCode: 3, signal: null }],
    [word({ code: 137 }), null, { exitCode: 137, signal: null }],
    [word({ code: 137 }), state("FAILED"), { exitCode: 137, signal: null }],
    [word({ code: 137 }), state("OUT_OF_MEMORY"), { status: "out_of_memory" }],
    [word({ code: 137, signal: "TERM" }), state("TIMEOUT"), { status: "lost" }],
    [word({ code: 143 }), state("NODE_FAIL"), { status: "lost" }],
    [word({ code: 1, stage: "folder" }), null, { status: "failed" }],
  ])("%j, Slurm: %j", (said, found, end) => {
    expect(endOfWord(temporaryFolder(), said, found)).toMatchObject(end);
  });

  test("a kernel that does not hold: the certificate's words", () => {
    const folder = temporaryFolder();
    const kernel = {
      kernel: "peripheral_51",
      passed: false,
      cached: false,
      failures: ["dx is off"],
    };
    writeFileSync(join(folder, "verification.json"), JSON.stringify({ kernels: [kernel] }));
    const said = word({ code: 1, stage: "verify" });
    const why = "the kernels are not verified: peripheral_51: dx is off";
    expect(endOfWord(folder, said, null)).toEqual({ status: "failed", reason: why });
    // A stop is no failure of a kernel.
    expect(endOfWord(folder, { ...said, code: 130, signal: "INT" }, null)).toEqual({
      exitCode: 130,
      signal: null,
    });
  });
});

test("a job that Slurm knows no more was cancelled before it began, or is lost", () => {
  expect(endOfVanished("12", false)).toMatchObject({ status: "cancelled" });
  expect(endOfVanished("12", true)).toMatchObject({ status: "lost" });
});

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claimRun } from "../../src/runs/claim-run.js";
import { temporaryFolder } from "../support/temporary.js";

test("one at a time, until it is released", () => {
  const folder = temporaryFolder();
  const release = claimRun(folder);
  expect(release).not.toBeNull();
  expect(claimRun(folder)).toBeNull();
  release?.();
  expect(readdirSync(folder)).toEqual([]);
  expect(claimRun(folder)).not.toBeNull();
});

test.each([
  ["of a dead process", JSON.stringify({ pid: process.pid, started: "1" })],
  ["that is rubbish", "{"],
  ["that is empty", ""],
])("a claim %s counts for nothing", (_, content) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "owner.lock"), content);
  const release = claimRun(folder);
  expect(release).not.toBeNull();
  expect(claimRun(folder)).toBeNull();
  release?.();
  expect(existsSync(join(folder, "owner.lock"))).toBe(false);
});

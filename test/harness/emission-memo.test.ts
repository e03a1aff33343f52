import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { recallEmission, rememberEmission } from "../../src/harness/emission-memo.js";
import { emitterDigest } from "../../src/harness/emitter-digest.js";
import { sha256 } from "../../src/ir/hash.js";
import { temporaryFolder } from "../support/temporary.js";

vi.mock(import("../../src/harness/emitter-digest.js"), { spy: true });

const FILES = [{ path: "model.py", text: "code\n" }];
const HASHES = [{ path: "model.py", sha256: sha256("code\n") }];

let dir: string;
beforeEach(() => {
  const folder = temporaryFolder();
  dir = join(folder, "net");
  mkdirSync(dir);
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
  return () => {
    vi.unstubAllEnvs();
    vi.mocked(emitterDigest).mockReset();
  };
});

test("what was emitted is recalled for the same inputs, in any order of their keys", () => {
  expect(recallEmission(dir, { a: 1, b: 2 })).toBeUndefined();
  rememberEmission(dir, { a: 1, b: 2 }, FILES);
  expect(recallEmission(dir, { b: 2, a: 1 })).toEqual(HASHES);
  expect(recallEmission(dir, { a: 1, b: 3 })).toBeUndefined();
});

test("the code that emits is one of the inputs", () => {
  rememberEmission(dir, {}, FILES);
  vi.mocked(emitterDigest).mockReturnValue("another");
  expect(recallEmission(dir, {})).toBeUndefined();
  rememberEmission(dir, {}, FILES);
  expect(recallEmission(dir, {})).toEqual(HASHES);
});

test("it is of the folder itself, however that is named", () => {
  rememberEmission(dir, {}, FILES);
  symlinkSync(dir, `${dir}-link`);
  expect(recallEmission(`${dir}-link`, {})).toEqual(HASHES);
  renameSync(dir, `${dir}-moved`);
  expect(recallEmission(`${dir}-moved`, {})).toBeUndefined();
  expect(recallEmission(dir, {})).toBeUndefined();
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../src/disk/make-folder.js";
import { writeAtomically } from "../../src/disk/write-atomically.js";
import { temporaryFolder } from "../support/temporary.js";

test("the file is replaced, and nothing is left beside it", () => {
  const folder = temporaryFolder();
  const path = join(folder, "a.json");
  writeAtomically(path, "1");
  writeAtomically(path, "2");
  expect(readFileSync(path, "utf8")).toBe("2");
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

test("a failure names the path and the reason, and leaves the old file alone", () => {
  const folder = temporaryFolder();
  const path = join(folder, "a.json");
  mkdirSync(path);
  expect(() => writeAtomically(path, "1")).toThrow(
    expect.objectContaining({
      code: "FOV0051",
      message: expect.stringMatching(/a\.json.*EISDIR/),
    }),
  );
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

test("folders are made with those above; where the system refuses, it returns", () => {
  const folder = temporaryFolder();
  makeFolder(join(folder, "a", "b", "c"));
  makeFolder(join(folder, "a", "b", "c"));
  expect(readdirSync(join(folder, "a", "b"))).toEqual(["c"]);
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file"))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(folder, "file", "below"))).toThrow(/ENOTDIR/);
  expect(() => makeFolder("/proc/nothing/below")).toThrow(/ENOENT/);
});

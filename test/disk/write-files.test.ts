import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diskError } from "../../src/disk/disk-error.js";
import { writeFiles } from "../../src/disk/write-files.js";
import { temporaryFolder } from "../support/temporary.js";

test("all files, in folders that are made", () => {
  const folder = temporaryFolder();
  writeFiles(join(folder, "new"), [
    { path: "a.txt", text: "a" },
    { path: "deep/er/b.txt", text: "é".repeat(100_000) },
  ]);
  expect(readFileSync(join(folder, "new", "a.txt"), "utf8")).toBe("a");
  expect(readFileSync(join(folder, "new", "deep", "er", "b.txt"), "utf8")).toHaveLength(100_000);
});

test("where one cannot be written none is, and no folder that was made stays", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  const files = [
    { path: "new/a.txt", text: "a" },
    { path: "file/b.txt", text: "b" },
  ];
  expect(() => writeFiles(folder, files)).toThrow(
    expect.objectContaining({ code: "FOV0051", message: expect.stringMatching(/b\.txt.*EEXIST/) }),
  );
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("a folder in a file's place: what was written beside it is gone", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "a.txt"));
  expect(() => writeFiles(folder, [{ path: "a.txt", text: "a" }])).toThrow(/EISDIR|ENOTEMPTY/);
  expect(readdirSync(folder)).toEqual(["a.txt"]);
  expect(existsSync(join(folder, "a.txt"))).toBe(true);
});

test("only the system's refusals become answers", () => {
  const internal = Object.assign(new Error("no"), { code: "ERR_INVALID_ARG_TYPE" });
  expect(diskError(internal, "x")).toBe(internal);
  expect(diskError("text", "x")).toBe("text");
  const full = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
  expect(diskError(full, "x")).toMatchObject({ code: "FOV0051" });
});

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { writeFiles } from "../../src/disk/write-files.js";
import type { EmittedFile } from "../../src/emit/emitted-file.js";
import { type FileState, inspectPackage } from "../../src/emit/inspect-package.js";
import { findEdits, writePackage } from "../../src/emit/write-package.js";
import { sha256 } from "../../src/ir/index.js";
import { temporaryFolder } from "../support/temporary.js";

let dir: string;
beforeEach(() => {
  dir = join(temporaryFolder(), "net");
});

/** A package of these files, with a manifest that lists them. */
function emitted(files: Record<string, string>): EmittedFile[] {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  const listing = list.map(({ path, text }) => ({ path, sha256: sha256(text) }));
  return [...list, { path: "manifest.json", text: JSON.stringify({ v: 1, files: listing }) }];
}

function put(files: EmittedFile[]): FileState[] {
  const states = inspectPackage(dir, files);
  writePackage(files, { name: "net", dir, files: states });
  return states;
}

const statuses = (files: EmittedFile[]) =>
  Object.fromEntries(inspectPackage(dir, files).map(({ path, status }) => [path, status]));
const edits = (files: EmittedFile[]) =>
  findEdits({ name: "net", dir, files: inspectPackage(dir, files) }).map(({ file }) => file);
const read = (path: string): string => readFileSync(join(dir, path), "utf8");
const everything = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

const first = emitted({ "model.py": "a\n", "kernels/one.py": "b\n", "kernels/two.py": "c\n" });

describe("statuses", () => {
  test("missing, then unchanged", () => {
    expect(put(first).map(({ status }) => status)).toEqual(new Array(4).fill("missing"));
    expect(read("kernels/one.py")).toBe("b\n");
    expect(new Set(Object.values(statuses(first)))).toEqual(new Set(["unchanged"]));
    expect(everything(dir)).toEqual([
      "kernels",
      "kernels/one.py",
      "kernels/two.py",
      "manifest.json",
      "model.py",
    ]);
  });

  test("comparing makes no folder", () => {
    inspectPackage(dir, first);
    expect(existsSync(dir)).toBe(false);
  });

  test("changed and extra, put right", () => {
    put(first);
    const second = emitted({ "model.py": "x\n", "kernels/one.py": "b\n" });
    expect(statuses(second)).toEqual({
      "kernels/one.py": "unchanged",
      "kernels/two.py": "extra",
      "manifest.json": "changed",
      "model.py": "changed",
    });
    expect(edits(second)).toEqual([]);
    put(second);
    expect(existsSync(join(dir, "kernels/two.py"))).toBe(false);
    expect(read("model.py")).toBe("x\n");
    expect(new Set(Object.values(statuses(second)))).toEqual(new Set(["unchanged"]));
  });

  test("what fovea never wrote stays and is no drift", () => {
    put(first);
    mkdirSync(join(dir, "__pycache__"));
    writeFileSync(join(dir, "__pycache__/model.cpython-311.pyc"), "x");
    writeFileSync(join(dir, "notes.txt"), "mine");
    expect(new Set(Object.values(statuses(first)))).toEqual(new Set(["unchanged"]));
    put(emitted({ "model.py": "x\n" }));
    expect(read("notes.txt")).toBe("mine");
  });

  test("a file that was listed and is gone is nothing to remove", () => {
    put(first);
    rmSync(join(dir, "kernels/two.py"));
    expect(statuses(emitted({ "model.py": "a\n" }))["kernels/two.py"]).toBeUndefined();
  });
});

describe("edits", () => {
  test("a file that is not as fovea wrote it", () => {
    put(first);
    writeFileSync(join(dir, "model.py"), "mine\n");
    const [state] = inspectPackage(dir, first).filter(({ path }) => path === "model.py");
    expect(state?.status).toBe("changed");
    expect(state?.edit).toContain("-a\n+mine");
    expect(edits(first)).toEqual([join(dir, "model.py")]);
  });

  test("an extra file that was edited", () => {
    put(first);
    writeFileSync(join(dir, "kernels/two.py"), "mine\n");
    expect(edits(emitted({ "model.py": "a\n" }))).toEqual([join(dir, "kernels/two.py")]);
  });

  test("a package of another tool", () => {
    mkdirSync(dir);
    writeFileSync(join(dir, "model.py"), "theirs\n");
    expect(edits(first)).toEqual([join(dir, "model.py")]);
  });

  test("an edit to just what is emitted is none", () => {
    put(first);
    writeFileSync(join(dir, "model.py"), "x\n");
    expect(edits(emitted({ "model.py": "x\n" }))).toEqual([]);
  });

  test.each([
    ["garbage", "{"],
    ["no listing", "[]"],
    ["a path outside", JSON.stringify({ files: [{ path: "../x.py", sha256: "" }] })],
    ["an absolute path", JSON.stringify({ files: [{ path: "/etc/passwd.py", sha256: "" }] })],
    ["a hidden path", JSON.stringify({ files: [{ path: "a/../../x.py", sha256: "" }] })],
    ["a path of another system", JSON.stringify({ files: [{ path: "a\\..\\x.py", sha256: "" }] })],
  ])("a manifest that is none: %s", (_, text) => {
    put(first);
    writeFileSync(join(dir, "../x.py"), "not ours");
    writeFileSync(join(dir, "manifest.json"), text);
    expect(edits(first)).toEqual([join(dir, "manifest.json")]);
    put(first);
    expect(readFileSync(join(dir, "../x.py"), "utf8")).toBe("not ours");
    expect(new Set(Object.values(statuses(first)))).toEqual(new Set(["unchanged"]));
  });
});

const refused = expect.objectContaining({ code: "FOV0051" });

describe("what lies in the way", () => {
  test("a file in the package's place", () => {
    writeFileSync(dir, "");
    expect(() => inspectPackage(dir, first)).toThrow(refused);
  });

  test("a folder in a file's place", () => {
    mkdirSync(join(dir, "model.py"), { recursive: true });
    expect(() => inspectPackage(dir, first)).toThrow(refused);
  });

  test("a link is followed to no other folder", () => {
    const other = temporaryFolder();
    writeFileSync(join(other, "two.py"), "c\n");
    put(first);
    rmSync(join(dir, "kernels"), { recursive: true });
    symlinkSync(other, join(dir, "kernels"));
    expect(() => inspectPackage(dir, emitted({ "model.py": "a\n" }))).toThrow(refused);
    expect(existsSync(join(other, "two.py"))).toBe(true);
  });

  test("a link in the package's own place stays, and what it names is written", () => {
    const other = join(temporaryFolder(), "elsewhere");
    symlinkSync(other, dir);
    put(first);
    expect(lstatSync(dir).isSymbolicLink()).toBe(true);
    expect(everything(other)).toContain("model.py");
    put(emitted({ "model.py": "x\n" }));
    expect(readFileSync(join(other, "model.py"), "utf8")).toBe("x\n");
    expect(readdirSync(dirname(other))).toEqual(["elsewhere"]);
    expect(lstatSync(dir).isSymbolicLink()).toBe(true);
  });

  test("a link in a file's place", () => {
    const other = join(temporaryFolder(), "theirs.py");
    writeFileSync(other, "theirs");
    mkdirSync(dir);
    symlinkSync(other, join(dir, "model.py"));
    expect(() => inspectPackage(dir, first)).toThrow(refused);
  });
});

describe("a disk that refuses", () => {
  test("names the path and the reason, and leaves nothing behind", () => {
    const top = temporaryFolder();
    writeFileSync(join(top, "taken"), "");
    const files = [
      { path: "made/a.py", text: "a" },
      { path: "taken/b.py", text: "b" },
    ];
    expect(() => writeFiles(join(top, "out"), [])).not.toThrow();
    expect(() => writeFiles(top, files)).toThrow(
      /taken\/b\.py cannot be written: .*(ENOTDIR|EEXIST)/,
    );
    expect(everything(top)).toEqual(["taken"]);
  });

  test("a rename that fails leaves no temporary file", () => {
    const top = temporaryFolder();
    mkdirSync(join(top, "b.py/full"), { recursive: true });
    const files = [
      { path: "a.py", text: "a" },
      { path: "b.py", text: "b" },
    ];
    expect(() => writeFiles(top, files)).toThrow(refused);
    expect(everything(top).filter((path) => path.endsWith(".tmp"))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)("a folder without permission", () => {
    const top = temporaryFolder();
    chmodSync(top, 0o500);
    expect(() => writeFiles(top, [{ path: "a.py", text: "" }])).toThrow(/EACCES/);
    chmodSync(top, 0o700);
  });

  test.skipIf(!existsSync("/proc/self"))("a file system that makes no folders", () => {
    expect(() => writeFiles("/proc", [{ path: "fovea/a.py", text: "" }])).toThrow(
      /\/proc\/fovea\/a\.py cannot be written/,
    );
  });
});

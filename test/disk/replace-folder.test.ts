import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { exchangeFolders } from "../../src/disk/exchange-folders.js";
import { isInterrupted, recoverFolder } from "../../src/disk/leftovers.js";
import { type FolderChange, replaceFolder } from "../../src/disk/replace-folder.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { temporaryFolder } from "../support/temporary.js";

const OLD = { "model.py": "old\n", "kernels/a.py": "a\n", "kernels/b.py": "b\n" };
const CHANGE = {
  written: [
    { path: "model.py", text: "new\n" },
    { path: "kernels/c.py", text: "c\n" },
  ],
  removed: ["kernels/b.py"],
} as const satisfies FolderChange;
const NEW = { "model.py": "new\n", "kernels/a.py": "a\n", "kernels/c.py": "c\n" };
/** What is not fovea's. */
const MINE = { "notes.txt": "mine\n", "data/deep/x.bin": "x" };

let top: string;
let folder: string;
beforeEach(() => {
  top = temporaryFolder();
  folder = join(top, "net");
});

function put(at: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  }
}

/** Every file below a folder with its text. */
function contents(at: string): Record<string, string> {
  const paths = readdirSync(at, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => lstatSync(join(at, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(at, path), "utf8")]));
}

describe("a replaced folder", () => {
  test("is new where there was none", () => {
    replaceFolder(join(top, "deep", "net"), { written: CHANGE.written, removed: [] });
    expect(contents(join(top, "deep"))).toEqual({
      "net/model.py": "new\n",
      "net/kernels/c.py": "c\n",
    });
  });

  test("has what is written, lacks what is removed, and keeps all else", () => {
    put(folder, { ...OLD, ...MINE });
    mkdirSync(join(folder, "empty"));
    symlinkSync("nowhere", join(folder, "link"));
    chmodSync(join(folder, "data"), 0o750);
    chmodSync(folder, 0o775);
    const kept = statSync(join(folder, "notes.txt"));
    replaceFolder(folder, CHANGE);
    expect(contents(folder)).toEqual({ ...NEW, ...MINE });
    expect(readdirSync(join(folder, "empty"))).toEqual([]);
    expect(readlinkSync(join(folder, "link"))).toBe("nowhere");
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o750);
    expect(statSync(folder).mode & 0o777).toBe(0o775);
    expect(statSync(join(folder, "notes.txt")).mtimeMs).toBe(kept.mtimeMs);
    expect(readdirSync(top)).toEqual(["net"]);
  });

  test("keeps no compiled file of what changed: Python may take it for fresh", () => {
    put(folder, {
      ...OLD,
      "__pycache__/model.cpython-312.pyc": "stale",
      "__pycache__/layers.cpython-312.pyc": "fresh",
      "kernels/__pycache__/b.cpython-312.pyc": "stale",
      "kernels/__pycache__/a.cpython-312.pyc": "fresh",
    });
    replaceFolder(folder, CHANGE);
    expect(contents(folder)).toEqual({
      ...NEW,
      "__pycache__/layers.cpython-312.pyc": "fresh",
      "kernels/__pycache__/a.cpython-312.pyc": "fresh",
    });
  });

  test("is as it was where the disk refuses", () => {
    put(folder, OLD);
    put(top, { taken: "" });
    const written = [{ path: "kernels/a.py/below.py", text: "" }];
    expect(() => replaceFolder(folder, { written, removed: [] })).toThrow(/cannot be written/);
    expect(() => replaceFolder(join(top, "taken", "net"), CHANGE)).toThrow(/taken/);
    expect(contents(top)).toEqual({
      taken: "",
      ...Object.fromEntries(Object.entries(OLD).map(([path, text]) => [`net/${path}`, text])),
    });
  });
});

const hasExchange = (): boolean => {
  const [a, b] = [join(top, "a"), join(top, "b")];
  put(a, { "1": "" });
  mkdirSync(b);
  return exchangeFolders(a, b) && existsSync(join(b, "1"));
};

describe.skipIf(process.platform !== "linux")("exchanged names", () => {
  test("each has what the other had", () => {
    expect(hasExchange()).toBe(true);
    expect(readdirSync(join(top, "a"))).toEqual([]);
  });

  test("of folders that cannot be exchanged nothing changes", () => {
    put(top, { "a/1": "1", "a/b/2": "2" });
    expect(exchangeFolders(join(top, "a"), join(top, "a/b"))).toBe(false);
    expect(contents(top)).toEqual({ "a/1": "1", "a/b/2": "2" });
  });

  test("names may hold anything", () => {
    const [a, b] = [join(top, "a b'\"$(x)\n"), join(top, "-é")];
    put(a, { "1": "" });
    mkdirSync(b);
    expect(exchangeFolders(a, b)).toBe(true);
    expect(readdirSync(b)).toEqual(["1"]);
  });
});

/** Replaces the folder in a process that is killed before its `at`th change of the disk. */
function replaceKilled(at: number, path: string): boolean {
  const module = (name: string) => pathToFileURL(join(packageRoot, name)).href;
  const program = `
    import { replaceFolder } from ${JSON.stringify(module("dist/disk/replace-folder.js"))};
    replaceFolder(${JSON.stringify(folder)}, ${JSON.stringify(CHANGE)});`;
  const { signal, status, stderr } = spawnSync(
    process.execPath,
    ["--import", module("test/support/kill-at.mjs"), "--input-type=module", "-e", program],
    { env: { PATH: path, KILL_AT: String(at) }, encoding: "utf8" },
  );
  if (signal === null && status !== 0) throw new Error(stderr);
  return signal === "SIGKILL";
}

/** Kills at every step; `look` sees what a reader finds then. Returns how often it was killed. */
function killEverywhere(path: string, look: (at: number) => void): number {
  put(join(top, "before"), { ...OLD, ...MINE });
  for (let at = 0; ; at += 1) {
    cpSync(join(top, "before"), folder, { recursive: true });
    const killed = replaceKilled(at, path);
    look(at);
    recoverFolder(folder);
    expect(isInterrupted(folder)).toBe(false);
    expect(readdirSync(top).sort(), `killed at ${at}`).toEqual(["before", "net"]);
    expect([
      { ...OLD, ...MINE },
      { ...NEW, ...MINE },
    ]).toContainEqual(contents(folder));
    replaceFolder(folder, CHANGE);
    expect(contents(folder)).toEqual({ ...NEW, ...MINE });
    spawnSync("rm", ["-r", folder]);
    if (!killed) return at;
  }
}

describe("a kill before every change of the disk", () => {
  test.skipIf(process.platform !== "linux")(
    "leaves the old folder or the new one in the place",
    () => {
      const found = new Set<string>();
      const kills = killEverywhere(process.env["PATH"] ?? "", (at) => {
        const files = contents(folder);
        expect(
          [
            { ...OLD, ...MINE },
            { ...NEW, ...MINE },
          ],
          `at ${at}`,
        ).toContainEqual(files);
        found.add(files["model.py"] ?? "");
      });
      expect(kills).toBeGreaterThan(20);
      expect(found).toEqual(new Set(["old\n", "new\n"]));
    },
    300_000,
  );

  test("where names cannot be exchanged, one instant has none in the place, and is recovered from", () => {
    let without = 0;
    killEverywhere("", (at) => {
      if (!existsSync(folder)) without += 1;
      else {
        const both = [
          { ...OLD, ...MINE },
          { ...NEW, ...MINE },
        ];
        expect(both, `at ${at}`).toContainEqual(contents(folder));
      }
    });
    expect(without).toBe(1);
  }, 300_000);
});

/** Makes the folder a file system of its own, so that it cannot be renamed, where one may be mounted. */
function mountHere(): boolean {
  mkdirSync(folder);
  const { status } = spawnSync("mount", ["-t", "tmpfs", "none", folder], { stdio: "ignore" });
  if (status !== 0) return false;
  onTestFinished(() => {
    spawnSync("umount", [folder]);
  });
  return true;
}

test("a folder that cannot be renamed is changed where it is", ({ skip }) => {
  if (!mountHere()) skip("only root mounts");
  put(folder, { ...OLD, ...MINE });
  replaceFolder(folder, CHANGE);
  expect(contents(folder)).toEqual({ ...NEW, ...MINE });
  expect(readdirSync(top)).toEqual(["net"]);
});

test("what is left of a replacement that was undone by hand is not brought back", () => {
  put(top, { ".net.fovea-old-0a": "", ".other.fovea-new-0a/x": "" });
  put(join(top, ".net.fovea-part-1b"), OLD);
  put(join(top, ".net.fovea-new-2c"), OLD);
  expect(isInterrupted(folder)).toBe(true);
  recoverFolder(folder);
  expect(readdirSync(top)).toEqual([".other.fovea-new-0a"]);
});

test("times of what stays are those that it had", () => {
  put(folder, { ...OLD, ...MINE });
  utimesSync(join(folder, "kernels/a.py"), 1000, 1000);
  replaceFolder(folder, CHANGE);
  expect(statSync(join(folder, "kernels/a.py")).mtimeMs).toBe(1_000_000);
});

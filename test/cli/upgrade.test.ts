import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import * as upgrade from "../../src/cli/commands/upgrade.js";
import { writeFiles } from "../../src/disk/write-files.js";
import { packageOf } from "../../src/harness/emit-package.js";
import { type Manifest, sha256 } from "../../src/ir/index.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { foveaVersion } from "../../src/ir/version.js";
import { runCommand } from "../support/command.js";
import { net } from "../support/networks.js";
import { temporaryFolder } from "../support/temporary.js";
import { tunedEntry, tunedFile } from "../support/tuned.js";

const DECLARATION = `
import { classifier, dense, network, stem } from "fovea";
const make = (name: string) => network(name, {
  input: { channels: 3, size: 32 }, stem: stem.patchify({ stride: 4 }),
  depths: [1], widths: [8], mixers: [dense({ kernel: 7 })], head: classifier(10) });
export default [make("one"), make("two")];
`;

let folder: string;
let out: string;
beforeEach(async () => {
  folder = temporaryFolder();
  out = join(folder, "generated");
  writeFileSync(join(folder, "nets.arch.ts"), DECLARATION);
  await runCommand(generate, ["generate", join(folder, "nets.arch.ts"), "--out", out]);
});

const run = (...words: string[]) => runCommand(upgrade, ["upgrade", ...words]);
const read = (path: string): string => readFileSync(join(out, path), "utf8");
/** Every file below the folder with its text. */
const everything = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [
        join(parentPath, name),
        readFileSync(join(parentPath, name), "utf8"),
      ]),
  );

type Loose = Record<string, unknown> & Pick<Manifest, "files" | "network">;

function rewrite(name: string, change: (manifest: Loose) => unknown): void {
  const file = join(out, name, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Loose;
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest, null, 2));
}

/** Makes a package what fovea 0.0.9 could have emitted, its manifest as it was then. */
function age(name: string): void {
  rewrite(name, (manifest) => {
    for (const file of manifest.files) {
      const path = join(out, name, file.path);
      const today = readFileSync(path, "utf8");
      let text = today
        .replace(`fovea ${foveaVersion()}.`, "fovea 0.0.9.")
        .replace(/^ *# src: .*\n/gm, "");
      if (file.path === "layers.py")
        text = text.replace("self.rate = rate", "self.rate = 1 * rate");
      writeFileSync(path, text);
      file.sha256 = sha256(text);
    }
    manifest["fovea"] = "0.0.9";
    for (const key of ["source", "command", "origins"]) delete manifest[key];
    writeFileSync(join(out, name, "relics.py"), "gone = 1\n");
    manifest.files.push({ path: "relics.py", sha256: sha256("gone = 1\n") });
  });
}

interface Document {
  packages: {
    name: string;
    dir: string;
    from: string;
    to: string;
    files: { path: string; status: string; change: string | null; diff: string | null }[];
  }[];
  index: { status: string } | null;
}

describe("fovea upgrade", () => {
  test("changes nothing where all is of this fovea", async () => {
    const before = everything();
    for (const words of [[out], [out, "--check"], [join(out, "one")]]) {
      const { exit, stderr } = await run(...words);
      expect([exit, stderr]).toEqual([0, ""]);
    }
    expect(everything()).toEqual(before);
  });

  test("emits an old package again, without the user's file, and shows what changed", async () => {
    const before = everything();
    rmSync(join(folder, "nets.arch.ts"));
    age("one");
    writeFileSync(join(out, "one/notes.txt"), "mine");
    const old = everything();
    const check = await run(out, "--check");
    expect(check.exit).toBe(1);
    expect(check.stdout).toMatch(/one: emitted by fovea 0\.0\.9, 10 of 10 files differ/);
    expect(check.stdout).toMatch(/^ {2}header +model\.py$/m);
    expect(check.stdout).toMatch(/^ {2}changed +layers\.py$/m);
    expect(check.stdout).toMatch(/^ {2}extra +relics\.py$/m);
    expect(check.stdout).toMatch(/^- +self\.rate = 1 \* rate$/m);
    expect(check.stderr).toContain(`to put it right: fovea upgrade ${out}\n`);
    expect(everything()).toEqual(old);
    expect((await run(out)).exit).toBe(0);
    const after = everything();
    expect(after[join(out, "one/notes.txt")]).toBe("mine");
    delete after[join(out, "one/notes.txt")];
    // An old manifest does not say where the mixers were declared.
    const places = (text: string): string => text.replace(/^ *# src: .*\n/gm, "");
    for (const path of ["model.py", "layers.py", "kernels/dense_7x7.py"]) {
      const file = join(out, "one", path);
      expect(after[file], path).toBe(places(before[file] ?? ""));
    }
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect((await run(out, "--check")).exit).toBe(0);
  });

  test("keeps where mixers were declared, and the default folder is generated", async () => {
    const before = everything();
    rewrite("two", (manifest) => {
      manifest["fovea"] = "0.0.9";
    });
    const fovea = join(packageRoot, "bin/fovea.js");
    const done = spawnSync(process.execPath, [fovea, "upgrade"], { cwd: folder, encoding: "utf8" });
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(everything()).toEqual(before);
    expect(before[join(out, "two/model.py")]).toContain("# src: nets.arch.ts:5\n");
  });

  test("--json", async () => {
    age("two");
    const { exit, json } = await run(out, "--json");
    expect(exit).toBe(0);
    const { packages, index } = json() as Document;
    expect(packages.map(({ name, dir, from, to }) => [name, dir, from, to])).toEqual([
      ["one", join(out, "one"), foveaVersion(), foveaVersion()],
      ["two", join(out, "two"), "0.0.9", foveaVersion()],
    ]);
    const changes = Object.fromEntries(
      packages[1]?.files.map(({ path, status, change }) => [path, `${status} ${change}`]) ?? [],
    );
    expect(changes).toMatchObject({
      "layers.py": "changed code",
      "model.py": "changed header",
      "blocks.py": "changed header",
      "manifest.json": "changed null",
      "relics.py": "extra null",
    });
    expect(packages[1]?.files.find(({ path }) => path === "layers.py")?.diff).toContain("\n-");
    expect(index?.status).toBe("unchanged");
    expect(packages[0]?.files.every(({ status }) => status === "unchanged")).toBe(true);
  });

  test("puts the typed index right", async () => {
    const whole = read("index.ts");
    rmSync(join(out, "index.ts"));
    expect((await run(out, "--check")).exit).toBe(1);
    expect((await run(out)).exit).toBe(0);
    expect(read("index.ts")).toBe(whole);
  });

  test("keeps tuned entries", async () => {
    const table = join(folder, "tuned.json");
    writeFileSync(table, JSON.stringify(tunedFile([tunedEntry()])));
    const file = join(folder, "nets.arch.ts");
    await runCommand(generate, ["generate", file, "--out", out, "--tuned", table]);
    const before = everything();
    expect(before[join(out, "one/kernels/dense_7x7.py")]).toContain('"sm_90"');
    rmSync(table);
    age("one");
    expect((await run(out)).exit).toBe(0);
    expect(read("one/kernels/dense_7x7.py")).toBe(before[join(out, "one/kernels/dense_7x7.py")]);
    rewrite("two", (manifest) => delete manifest["tunedEntries"]);
    const { exit, stderr } = await run(out);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("tuned entries")]);
  });
});

describe("what is refused, before anything is written", () => {
  async function refused(code: string, exit: number, named: string | RegExp): Promise<void> {
    const before = everything();
    const found = await run(out, "--json");
    expect([found.exit, found.json()]).toEqual([
      exit,
      { error: expect.objectContaining({ code, message: expect.stringMatching(named) }) },
    ]);
    expect(everything()).toEqual(before);
  }

  test("an edit by hand, unless forced", async () => {
    age("two");
    appendFileSync(join(out, "one/model.py"), "# mine\n");
    await refused("FOV0052", 1, /one\/model\.py/);
    expect((await run(out, "--check")).stderr).toContain("--force");
    expect((await run(out, "--force")).exit).toBe(0);
    expect(read("one/model.py")).not.toContain("# mine");
    expect(read("two/model.py")).not.toContain("0.0.9");
  });

  test("an edit of a declaration in its manifest", async () => {
    rewrite("one", ({ network }) => {
      network.widths = [16];
    });
    await refused("FOV0052", 1, /one\/manifest\.json/);
  });

  test.each<[string, (manifest: Loose) => unknown, string, RegExp]>([
    [
      "a manifest of another version",
      (m) => Object.assign(m, { v: 7 }),
      "FOV0054",
      /two .*version 7/,
    ],
    [
      "a newer fovea",
      (m) => Object.assign(m, { fovea: "12.0.0" }),
      "FOV0054",
      /two .*fovea 12\.0\.0/,
    ],
    [
      "a declaration that lacks what networks have today",
      ({ network }) => Reflect.deleteProperty(network, "initStd"),
      "FOV0055",
      /two.*initStd/,
    ],
  ])("%s", async (_, change, code, named) => {
    age("one");
    rewrite("two", change);
    await refused(code, 2, named);
  });

  test("the package of a run", async () => {
    writeFiles(join(out, "ran"), packageOf(net({ name: "ran" }), "net.experiment.ts"));
    await refused("FOV0056", 2, /ran .*fovea run net\.experiment\.ts/);
  });

  test("a folder without packages", async () => {
    const empty = join(folder, "empty");
    mkdirSync(join(empty, "app"), { recursive: true });
    writeFileSync(join(empty, "app/manifest.json"), '{"name": "a web app", "icons": []}');
    writeFileSync(join(empty, "app.json"), "{");
    for (const dir of [empty, join(folder, "not-there"), join(empty, "app.json")]) {
      const { exit, stderr } = await run(dir);
      expect([exit, stderr]).toEqual([2, expect.stringContaining("FOV0056")]);
    }
    expect(existsSync(join(empty, "index.ts"))).toBe(false);
  });

  test("not what is no package beside packages", async () => {
    mkdirSync(join(out, "app"));
    writeFileSync(join(out, "app/manifest.json"), '{"name": "a web app", "icons": []}');
    cpSync(join(out, "one"), join(out, "copied"), { recursive: true });
    age("copied");
    expect((await run(out)).exit).toBe(0);
    expect(read("copied/model.py")).not.toContain("0.0.9");
  });
});

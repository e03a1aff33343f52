import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import { emitNetwork } from "../../src/emit/network.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

vi.mock(import("../../src/emit/network.js"), { spy: true });

/** Three networks, of which one is changed. */
const declaration = (depth: number, comment = ""): string => `${comment}
import { classifier, dense, network, stem } from "fovea";
const make = (name: string, depth: number) => network(name, {
  input: { channels: 3, size: 32 }, stem: stem.patchify({ stride: 4 }),
  depths: [depth], widths: [8], mixers: [dense({ kernel: 7 })], head: classifier(10) });
export default [make("one", 1), make("two", ${depth}), make("three", 3)];
`;

let folder: string;
let file: string;
let out: string;
let cache: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "nets.arch.ts");
  out = join(folder, "out");
  cache = join(folder, "cache");
  vi.stubEnv("FOVEA_CACHE", cache);
  writeFileSync(file, declaration(2));
  return () => vi.unstubAllEnvs();
});

/** Runs the command; the names of the networks that were emitted, and each file's status. */
async function run(...words: string[]) {
  vi.mocked(emitNetwork).mockClear();
  const done = await runCommand(generate, ["generate", file, "--out", out, "--json", ...words]);
  const { networks = [], index } = done.json() as {
    networks?: { name: string; files: { path: string; status: string }[] }[];
    index?: { status: string } | null;
  };
  const differing = networks.flatMap(({ name, files }) =>
    files.filter(({ status }) => status !== "unchanged").map(({ path }) => `${name}/${path}`),
  );
  const emitted = vi.mocked(emitNetwork).mock.calls.map(([network]) => network.name);
  return { exit: done.exit, stderr: done.stderr, emitted, differing, index: index?.status };
}

describe("what is emitted again", () => {
  test("nothing where nothing changed", async () => {
    expect((await run()).emitted).toEqual(["one", "two", "three"]);
    const nothing = { exit: 0, stderr: "", emitted: [], differing: [], index: "unchanged" };
    expect(await run()).toEqual(nothing);
    expect(await run("--check")).toEqual(nothing);
  });

  test("the network that changed, and of its kernels none", async () => {
    await run();
    const kernel = join(out, "two/kernels/dense_7x7.py");
    const [text, inode] = [readFileSync(kernel, "utf8"), statSync(kernel).ino];
    writeFileSync(file, declaration(4));
    const { emitted, differing } = await run();
    expect(emitted).toEqual(["two"]);
    expect(differing).toContain("two/model.py");
    expect(differing).not.toContain("two/kernels/dense_7x7.py");
    expect(readFileSync(kernel, "utf8")).toBe(text);
    expect(statSync(kernel).ino).toBe(inode);
    expect((await run("--check")).exit).toBe(0);
  });

  test("what names the line of a mixer, where a line is added above it", async () => {
    await run();
    writeFileSync(file, declaration(2, "// a comment\n"));
    const { differing } = await run();
    expect(differing.filter((path) => path.startsWith("one/"))).toEqual([
      "one/manifest.json",
      "one/model.py",
    ]);
  });

  test.each<[string, string, () => void]>([
    [
      "a file that was edited",
      "one/model.py",
      () => appendFileSync(join(out, "one/model.py"), "#\n"),
    ],
    ["a file that is gone", "one/blocks.py", () => rmSync(join(out, "one/blocks.py"))],
    [
      "an edited manifest",
      "one/manifest.json",
      () => {
        const manifest = join(out, "one/manifest.json");
        writeFileSync(manifest, readFileSync(manifest, "utf8").replace("MIT-0: ", "MIT: "));
      },
    ],
  ])("%s", async (_, path, spoil) => {
    await run();
    spoil();
    const { emitted, differing, exit } = await run("--check");
    expect([emitted, differing, exit]).toEqual([["one"], [path], 1]);
    expect((await run("--force")).differing).toEqual([path]);
    expect((await run("--check")).exit).toBe(0);
  });

  test("a package that lies in the place of another", async () => {
    await run();
    rmSync(join(out, "one"), { recursive: true });
    cpSync(join(out, "two"), join(out, "one"), { recursive: true });
    expect((await run()).emitted).toEqual(["one"]);
    expect((await run("--check")).exit).toBe(0);
  });

  test("all of a file that has another name", async () => {
    await run();
    const other = join(folder, "renamed.arch.ts");
    renameSync(file, other);
    file = other;
    expect((await run()).emitted).toEqual(["one", "two", "three"]);
  });

  test("all where the cache is gone or garbage, with the same result", async () => {
    await run();
    for (const name of readdirSync(join(cache, "emitted"))) {
      writeFileSync(join(cache, "emitted", name), "{");
    }
    expect(await run()).toMatchObject({ emitted: ["one", "two", "three"], differing: [] });
    expect((await run()).emitted).toEqual([]);
    rmSync(cache, { recursive: true });
    writeFileSync(cache, "in the way");
    expect(await run()).toMatchObject({ exit: 0, emitted: ["one", "two", "three"], differing: [] });
  });
});

test("--check writes nothing, in the cache neither", async () => {
  expect((await run("--check")).exit).toBe(1);
  expect(readdirSync(folder)).toEqual(["nets.arch.ts"]);
});

describe("the typed index", () => {
  const index = (): string => join(out, "index.ts");

  test("follows the packages, whichever file they are of", async () => {
    await run();
    const whole = readFileSync(index(), "utf8");
    const other = join(folder, "other.arch.ts");
    writeFileSync(other, declaration(2).replaceAll('"one"', '"a_new_one"'));
    file = other;
    expect((await run()).index).toBe("changed");
    expect(readFileSync(index(), "utf8")).toMatch(/a_new_one: [\s\S]*one: [\s\S]*three: /);
    rmSync(join(out, "a_new_one"), { recursive: true });
    file = join(folder, "nets.arch.ts");
    expect(await run("--check")).toMatchObject({ exit: 1, index: "changed" });
    await run();
    expect(readFileSync(index(), "utf8")).toBe(whole);
  });

  test("that is missing or edited is drift, and an edit is kept", async () => {
    await run();
    const whole = readFileSync(index(), "utf8");
    rmSync(index());
    expect(await run("--check")).toMatchObject({ exit: 1, index: "missing", emitted: [] });
    expect(existsSync(index())).toBe(false);
    await run();
    appendFileSync(index(), "// mine\n");
    const check = await run("--check");
    expect([check.exit, check.stderr]).toEqual([1, expect.stringContaining("--force")]);
    const refused = await run();
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining("+// mine")]);
    expect(readFileSync(index(), "utf8")).toBe(`${whole}// mine\n`);
    expect((await run("--force")).exit).toBe(0);
    expect(readFileSync(index(), "utf8")).toBe(whole);
  });

  test("takes no place of the user's own", async () => {
    mkdirSync(out);
    writeFileSync(index(), "export const mine = 1;\n");
    expect(await run()).toMatchObject({ exit: 0, index: undefined });
    const { stdout } = await runCommand(generate, ["generate", file, "--out", out]);
    expect(stdout).toContain("index.ts: not of fovea's making");
    expect((await run("--check")).exit).toBe(0);
    expect(readFileSync(index(), "utf8")).toBe("export const mine = 1;\n");
  });
});

import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const declaration = (name: string, kernel: number): string => `
import { classifier, dense, network, stem } from "fovea";
export default network("${name}", {
  input: { channels: 3, size: 32 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1],
  widths: [8],
  mixers: [dense({ kernel: ${kernel} })],
  head: classifier(10),
});
`;

interface Document {
  networks: {
    name: string;
    dir: string;
    files: { path: string; sha256: string; status: string }[];
  }[];
}

let folder: string;
let file: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "one.arch.ts");
  out = join(folder, "out");
  writeFileSync(file, declaration("one", 7));
});

const run = (...words: string[]) => runCommand(generate, ["generate", ...words]);
async function statuses(...words: string[]): Promise<Record<string, string>> {
  const { json } = await run(file, "--out", out, "--json", ...words);
  const { networks } = json() as Document;
  return Object.fromEntries(
    networks.flatMap(({ files }) => files.map(({ path, status }) => [path, status])),
  );
}

describe("fovea generate", () => {
  test("emits a package a network", async () => {
    const { exit, json, stderr } = await run(file, "--out", out, "--json");
    expect([exit, stderr]).toEqual([0, ""]);
    const { networks } = json() as Document;
    expect(networks.map(({ name, dir }) => [name, dir])).toEqual([["one", join(out, "one")]]);
    expect(networks[0]?.files.map(({ path, status }) => [path, status])).toEqual([
      ["__init__.py", "missing"],
      ["blocks.py", "missing"],
      ["kernels/__init__.py", "missing"],
      ["kernels/dense_7x7.py", "missing"],
      ["layers.py", "missing"],
      ["manifest.json", "missing"],
      ["mixers.py", "missing"],
      ["model.py", "missing"],
      ["timm_model.py", "missing"],
    ]);
    const model = readFileSync(join(out, "one/model.py"), "utf8");
    expect(model).toContain("# Source: one.arch.ts\n");
    expect(model).toContain("# Regenerate: fovea generate one.arch.ts\n");
    for (const each of readdirSync(out, { recursive: true, withFileTypes: true })) {
      if (!each.isFile()) continue;
      expect(readFileSync(join(each.parentPath, each.name), "utf8")).not.toContain(folder);
    }
  });

  test("a second time changes nothing", async () => {
    await statuses();
    const before = readFileSync(join(out, "one/manifest.json"), "utf8");
    expect(new Set(Object.values(await statuses()))).toEqual(new Set(["unchanged"]));
    expect(readFileSync(join(out, "one/manifest.json"), "utf8")).toBe(before);
  });

  test("a changed declaration replaces what it changes, and removes what is emitted no more", async () => {
    await statuses();
    writeFileSync(file, declaration("one", 9));
    const wanted = {
      "__init__.py": "changed",
      "blocks.py": "changed",
      "kernels/__init__.py": "changed",
      "kernels/dense_7x7.py": "extra",
      "kernels/dense_9x9.py": "missing",
      "layers.py": "changed",
      "manifest.json": "changed",
      "mixers.py": "changed",
      "model.py": "changed",
      "timm_model.py": "changed",
    };
    expect(await statuses("--check")).toEqual(wanted);
    expect(existsSync(join(out, "one/kernels/dense_7x7.py"))).toBe(true);
    expect(await statuses()).toEqual(wanted);
    expect(existsSync(join(out, "one/kernels/dense_7x7.py"))).toBe(false);
    expect(new Set(Object.values(await statuses()))).toEqual(new Set(["unchanged"]));
  });

  test("--check writes nothing, lists what differs and the command that mends it", async () => {
    const { exit, stdout, stderr } = await run(file, "--out", out, "--check");
    expect(exit).toBe(1);
    expect(stdout).toMatch(/missing +model\.py/);
    expect(stderr).toContain(`fovea generate ${file} --out ${out}`);
    expect(existsSync(out)).toBe(false);
    await run(file, "--out", out);
    expect((await run(file, "--out", out, "--check")).exit).toBe(0);
  });

  test("an edit by hand is shown and kept", async () => {
    await statuses();
    const model = join(out, "one/model.py");
    appendFileSync(model, "# mine\n");
    rmSync(join(out, "one/__init__.py"));
    const { exit, stderr, json } = await run(file, "--out", out, "--json");
    expect(exit).toBe(1);
    expect(stderr).toContain("\n+# mine\n");
    expect(json()).toMatchObject({ error: { code: "FOV0052", value: model } });
    expect(readFileSync(model, "utf8")).toMatch(/# mine\n$/);
    expect(existsSync(join(out, "one/__init__.py"))).toBe(false);
    const check = await run(file, "--out", out, "--check");
    expect([check.exit, check.stderr]).toEqual([1, expect.stringContaining("--force")]);
    expect((await statuses("--force"))["model.py"]).toBe("changed");
    expect(new Set(Object.values(await statuses("--check")))).toEqual(new Set(["unchanged"]));
  });

  test("nothing is written where one of several packages cannot be", async () => {
    writeFileSync(
      file,
      `import { classifier, dense, network, stem } from "fovea";
      const make = (name: string) => network(name, { input: { channels: 3, size: 32 }, stem: stem.patchify({ stride: 4 }),
        depths: [1], widths: [8], mixers: [dense({ kernel: 7 })], head: classifier(10) });
      export default [make("one"), make("two")];`,
    );
    await statuses();
    writeFileSync(join(out, "two/model.py"), "mine");
    rmSync(join(out, "one"), { recursive: true });
    expect((await run(file, "--out", out)).exit).toBe(1);
    expect(existsSync(join(out, "one"))).toBe(false);
  });

  test("a shipped network has its name for a source", async () => {
    const { exit } = await run("pelk_tiny", "--out", out);
    expect(exit).toBe(0);
    const model = readFileSync(join(out, "pelk_tiny/model.py"), "utf8");
    expect(model).toContain("# Regenerate: fovea generate pelk_tiny\n");
  });

  test.each([
    [["--watch", "--check"], "--watch"],
    [["--watch", "--json"], "--json"],
    [["--out", ""], "--out"],
  ])("%j is a mistake", async (words, named) => {
    const { exit, stderr } = await run(file, "--out", out, ...words);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(named)]);
    expect(existsSync(out)).toBe(false);
  });

  test("a mistake in the file writes nothing", async () => {
    writeFileSync(file, declaration("one", 8));
    const { exit, stderr } = await run(file, "--out", out);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/one\.arch\.ts:\d+:\d+/)]);
    expect(existsSync(out)).toBe(false);
  });

  test("--out that is a file is an error", async () => {
    writeFileSync(out, "");
    const { exit, stderr } = await run(file, "--out", out);
    expect([exit, stderr]).toEqual([1, expect.stringContaining(out)]);
  });
});

test("generated/ is what fovea emits", async () => {
  const generated = join(packageRoot, "generated");
  const names = readdirSync(generated).filter((name) => name !== "index.ts");
  for (const name of names) {
    const { exit, stdout } = await run(name, "--out", generated, "--check");
    expect([exit, stdout], "npm run emit mends it").toEqual([0, expect.anything()]);
  }
  expect(names.sort()).toEqual([
    "convnext_tiny",
    "pelk_digits",
    "pelk_tiny",
    "replknet_31b",
    "slak_tiny",
  ]);
});

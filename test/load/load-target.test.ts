import { execFileSync } from "node:child_process";
import { readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { pelk } from "../../src/dsl/index.js";
import { shippedExperiments, shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import { load, project } from "./project.js";

const TINY = `import { pelk } from "fovea";\nexport default pelk("tiny");\n`;

/** Everything below a folder, sorted. */
const listing = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

test("a file far from any node_modules imports fovea, and nothing is written beside it", async () => {
  const root = project({ "main.ts": TINY });
  const target = await load(root);
  expect(target).toEqual({
    source: "main.ts",
    file: join(root, "main.ts"),
    files: [join(root, "main.ts")],
    origins: expect.any(Function),
    networks: [pelk("tiny")],
    experiment: null,
    sweep: null,
  });
  expect(listing(dirname(root))).toEqual(["project", "project/main.ts"]);
});

test("every shipped name loads, with the name that it goes by", async () => {
  for (const name of Object.keys(shippedNetworks)) {
    const target = await load("/", name);
    expect(target).toMatchObject({ source: name, file: null, networks: [{ name }] });
  }
  for (const name of Object.keys(shippedExperiments)) {
    const { experiment, networks } = await load("/", name);
    expect(experiment?.name).toBe(name);
    expect(networks).toEqual([experiment?.network]);
  }
});

test("a shipped name wins over a folder of that name, which generate may have made", async () => {
  const root = project({ "pelk_tiny/__init__.py": "" });
  expect((await load(root, "pelk_tiny")).file).toBeNull();
});

test("helpers: .ts, .ts written .js, without an ending, in folders, absolute, JSON, types only", async () => {
  const root = project({
    "main.ts": `import { network, classifier, stem, type Network } from "fovea";
import type { Nothing } from "./nothing-of-the-kind.js";
import { first } from "./lib/first.ts";
import { second } from "./lib/second.js";
import third from "./lib";
import json from "./sizes.json";
import { cells } from "./cells.json" with { type: "json" };
import { old } from "./old.cjs";
import { grid } from "fovea";
const more: Nothing[] = [];
const { named } = await import("./named.mjs");
const net: Network = network(named, {
  input: json.input,
  stem: stem.patchify({ stride: old as number }),
  depths: [1, 1, 1, 1],
  widths: [8, 8, 8, 8],
  mixers: [first, second, third, grid({ cells })],
  head: classifier(10 + more.length),
});
export default net;
`,
    "lib/first.ts": `import { dense } from "fovea";\nexport const first = dense({ kernel: 3 });\n`,
    "lib/second.ts": `import { dense } from "fovea";\nimport { side } from "../side";\nexport const second = dense({ kernel: side });\n`,
    "lib/index.ts": `import { dense } from "fovea";\nexport default dense({ kernel: 7 });\n`,
    "side.ts": "export const side: number = await Promise.resolve(5);\n",
    "sizes.json": '{ "input": { "channels": 1, "size": 64 } }',
    "cells.json": '{ "cells": [2, 1, 2] }',
    "old.cjs": "exports.old = 4;\n",
    "named.mjs": 'export const named = "helped";\n',
  });
  const { networks, files } = await load(root);
  expect(networks).toMatchObject([{ name: "helped", input: { channels: 1 }, stem: { stride: 4 } }]);
  expect(networks[0]?.mixers).toMatchObject([
    { kernel: 3 },
    { kernel: 5 },
    { kernel: 7 },
    { rows: [2, 1, 2] },
  ]);
  const helpers = ["lib/first.ts", "lib/second.ts", "lib/index.ts", "side.ts", "sizes.json"];
  expect(files).toEqual(expect.arrayContaining(helpers.map((name) => join(root, name))));
});

test("a package installed beside the file is imported", async () => {
  const root = project({
    "main.ts": `import { width } from "widths";\nimport { pelk } from "fovea";\nexport default pelk("tiny", { widen: width });\n`,
    "node_modules/widths/package.json":
      '{ "name": "widths", "type": "module", "main": "index.js" }',
    "node_modules/widths/index.js": "export const width = 1.5;\n",
  });
  expect((await load(root)).networks[0]?.widen).toBe(1.5);
});

test("another fovea that is installed there is not the one that is imported", async () => {
  const root = project({
    "main.ts": `import net from "./net.mjs";\nimport { pelk } from "fovea";\nexport default [net, pelk("small")];\n`,
    "net.mjs": TINY,
    "node_modules/fovea/package.json": '{ "name": "fovea", "type": "module", "main": "index.js" }',
    "node_modules/fovea/index.js": "export const pelk = () => 3;\n",
  });
  expect((await load(root)).networks).toEqual([pelk("tiny"), pelk("small")]);
});

test("changed files are read again: the entry, a helper, JSON, plain JavaScript of both kinds", async () => {
  const files = (n: number) => ({
    "main.ts": `import { pelk } from "fovea";
import { a } from "./a.js";
import b from "./b.json";
import { c } from "./c.cjs";
import { d } from "./d.mjs";
export default pelk("tiny", { description: [${n}, a, b.b, c, d].join() });
`,
    "a.ts": `export const a = ${n};\n`,
    "b.json": `{ "b": ${n} }`,
    "c.cjs": `exports.c = ${n};\n`,
    "d.mjs": `export const d = ${n};\n`,
  });
  const root = project(files(1));
  expect((await load(root)).networks[0]?.description).toBe("1,1,1,1,1");
  for (const [name, text] of Object.entries(files(2))) writeFileSync(join(root, name), text);
  expect((await load(root)).networks[0]?.description).toBe("2,2,2,2,2");
});

test("each file is evaluated once, and in strict mode", async () => {
  const count = "globalThis.counted = (globalThis.counted ?? 0) + 1;\n";
  const root = project({
    "main.ts": `import "./a.mjs";\nimport "./b.cjs";\nimport "./c.js";\nimport "./d.js";\n${TINY}if ((function () { return this; })() !== undefined) throw new Error("sloppy");\n`,
    "a.mjs": `import "./b.cjs";\nimport "./d.js";\n${count}`,
    "b.cjs": count,
    "c.js": `import "./d.js";\n${count}`,
    "d.ts": `import "./c.js";\n${count}`,
  });
  await load(root);
  expect(Reflect.get(globalThis, "counted")).toBe(4);
  Reflect.deleteProperty(globalThis, "counted");
});

test("modules that import each other", async () => {
  const root = project({
    "main.ts": `import { pelk } from "fovea";\nimport { b } from "./b.js";\nexport const a = 1;\nexport default pelk("tiny", { widen: b() });\n`,
    "b.ts": `import { a } from "./main.js";\nexport const b = () => 1 + (a ?? 1);\n`,
  });
  expect((await load(root)).networks[0]?.widen).toBe(2);
});

test.each([
  ["blanks, brackets, % and #", "a b (c) [d] 100%#1?&'"],
  ["other alphabets", "größe-模型-🧠"],
])("a path with %s", async (_what, folder) => {
  const root = project({ "main.ts": TINY, "helper.ts": "" }, folder);
  expect((await load(root)).file).toBe(join(root, "main.ts"));
});

test.each([
  ["a byte-order mark", `\ufeff${TINY}`],
  ["CRLF", TINY.replaceAll("\n", "\r\n")],
  ["#!", `#!/usr/bin/env -S npx fovea inspect\n${TINY}`],
  ["no line end", TINY.trim()],
  [
    "enums, namespaces and parameter properties",
    `enum A { B = 1 }\nnamespace C { export const d = A.B; }\nclass E { constructor(readonly f: number) {} }\nvoid new E(C.d);\n${TINY}`,
  ],
  ["a bare import.meta", `void import.meta;\n${TINY}`],
  [
    "a default export of another name",
    `import { pelk } from "fovea";\nconst net = pelk("tiny");\nexport { net as default };\n`,
  ],
])("a file with %s", async (_what, text) => {
  expect((await load(project({ "main.ts": text }))).networks).toEqual([pelk("tiny")]);
});

test.each(["main.js", "main.mjs", "main.mts", "main.cts"])("a module called %s", async (name) => {
  const root = project({ [name]: TINY, "package.json": '{ "type": "module" }' });
  expect((await load(root, name)).networks).toEqual([pelk("tiny")]);
});

test("a CommonJS file's module.exports stands for the default export", async () => {
  const text = `const { pelk } = require("fovea");\nmodule.exports = pelk("tiny");\n`;
  expect((await load(project({ "main.cjs": text }), "main.cjs")).networks).toEqual([pelk("tiny")]);
});

test("a symbolic link keeps the path that was given, and imports where it leads", async () => {
  const root = project({ "real/main.ts": `import "./helper.js";\n${TINY}`, "real/helper.ts": "" });
  symlinkSync(join(root, "real/main.ts"), join(root, "link.ts"));
  symlinkSync(join(root, "real"), join(root, "folder"));
  expect(await load(root, "link.ts")).toMatchObject({
    source: "link.ts",
    file: join(root, "link.ts"),
  });
  expect((await load(root, "folder/main.ts")).files).toContain(join(root, "folder/helper.ts"));
});

test("relative to cwd, and absolute", async () => {
  const root = project({ "deep/main.ts": TINY });
  expect((await load(join(root, "deep"), "../deep/main.ts")).file).toBe(
    resolve(root, "deep/main.ts"),
  );
  expect((await load("/", join(root, "deep/main.ts"))).file).toBe(join(root, "deep/main.ts"));
});

test("a list of networks, and an experiment with its network", async () => {
  const list = `import { pelk } from "fovea";\nexport default [pelk("tiny"), pelk("small")];\n`;
  const { networks } = await load(project({ "main.ts": list }));
  expect(networks.map(({ name }) => name)).toEqual(["pelk_tiny", "pelk_small"]);
  const one = `import { digits, experiment, pelk } from "fovea";\nexport default experiment({ name: "a-b", network: pelk("tiny"), data: digits() });\n`;
  const target = await load(project({ "main.ts": one }));
  expect(target.experiment?.name).toBe("a-b");
  expect(target.networks).toEqual([pelk("tiny")]);
});

test("a file that changes the process leaves no trace", async () => {
  const elsewhere = realpathSync(project({}));
  const before = [process.cwd(), process.exitCode, Error.stackTraceLimit, process.exit];
  const text = `process.chdir(${JSON.stringify(elsewhere)});\nprocess.exitCode = 7;\nError.stackTraceLimit = 0;\n${TINY}`;
  await load(project({ "main.ts": text }));
  expect([process.cwd(), process.exitCode, Error.stackTraceLimit, process.exit]).toEqual(before);
});

test("a file that awaits for ever is told of when nothing is left to do", () => {
  const root = project({ "main.ts": "export default await new Promise(() => {});\n" });
  const script = join(root, "script.ts");
  const loader = resolve(import.meta.dirname, "../../src/load/load-target.ts");
  writeFileSync(
    script,
    `import { loadTarget } from ${JSON.stringify(loader)};
const error = await loadTarget("main.ts", { cwd: ${JSON.stringify(root)} }).catch((e) => e);
console.log(JSON.stringify(error.details));\n`,
  );
  const jiti = resolve(import.meta.dirname, "../../node_modules/jiti/lib/jiti-cli.mjs");
  const env = { ...process.env, JITI_FS_CACHE: "false" };
  const out = execFileSync(process.execPath, [jiti, script], { encoding: "utf8", env });
  expect(JSON.parse(out)).toMatchObject({
    code: "FOV0033",
    message: "the file awaits something that never happens",
    location: { file: join(root, "main.ts") },
  });
});

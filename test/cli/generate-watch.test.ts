import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import { Manifest, sha256 } from "../../src/ir/index.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const HEAD = `import { classifier, dense, network, stem } from "fovea";
const make = (name: string, kernel: number) => network(name, {
  input: { channels: 3, size: 32 }, stem: stem.patchify({ stride: 4 }),
  depths: [1], widths: [8], mixers: [dense({ kernel: kernel as 7 })], head: classifier(10) });
`;
const declaration = (kernel: number): string =>
  `${HEAD}export default [make("one", ${kernel}), make("two", 5)];\n`;

let folder: string;
let file: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "nets.arch.ts");
  out = join(folder, "out");
});

/** Waits for what another process is to bring about. */
async function until(condition: () => boolean, said: () => string): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it only said: ${said()}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

/** `fovea generate --watch`, with what it says. */
class Watching {
  readonly #child: ChildProcessByStdio<null, null, Readable>;
  #said = "";

  constructor(...words: string[]) {
    const command = [join(packageRoot, "bin/fovea.js"), "generate", file, "--out", out, "--watch"];
    const child = spawn(process.execPath, [...command, ...words], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.on("data", (text: Buffer) => {
      this.#said += text.toString();
    });
    this.#child = child;
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
  }

  /** Does something and gives what is said then, once a report of this is its end. */
  async reportOf(action: () => void, wanted: RegExp): Promise<string> {
    const before = this.#said.length;
    action();
    const said = (): string => this.#said.slice(before);
    await until(() => wanted.test(said()) && /Ctrl-C ends\n$/.test(said()), said);
    return said();
  }

  async end(): Promise<number | null> {
    this.#child.kill("SIGINT");
    const [code] = await once(this.#child, "exit");
    return code as number | null;
  }
}

/** The kernel of a package that is whole: every file is as its manifest says. */
function kernelOf(name: string): number {
  const read = (path: string): string => readFileSync(join(out, name, path), "utf8");
  const { network, files } = Manifest.parse(JSON.parse(read("manifest.json")));
  for (const { path, sha256: hash } of files) expect(sha256(read(path)), path).toBe(hash);
  const [mixer] = network.mixers;
  return mixer?.type === "dense" ? Number(mixer.kernel) : 0;
}

test("each save is reported with the packages that it changed and the time", async () => {
  writeFileSync(file, declaration(7));
  const watching = new Watching();
  const first = await watching.reportOf(() => {}, / s; waiting/);
  expect(first).toMatch(
    /out\/one: 9 files, 9 put right\n[\s\S]*out\/two: [\s\S]*index\.ts: missing/,
  );
  const second = await watching.reportOf(() => writeFileSync(file, declaration(9)), / s; waiting/);
  expect(second).toMatch(/out\/one: \d+ files, \d+ put right\n/);
  expect(second).toMatch(/missing +kernels\/dense_9x9\.py\n/);
  expect(second).not.toContain("two:");
  expect(second).toMatch(
    /\n1 package as emitted\n\d+\.\d\d s; waiting for a change, Ctrl-C ends\n$/,
  );
  expect([kernelOf("one"), kernelOf("two")]).toEqual([9, 5]);
  expect(await watching.end()).toBe(130);
  expect(readdirSync(out).sort()).toEqual(["index.ts", "one", "two"]);
}, 120_000);

test("a broken save leaves the packages whole, and the next one mends it", async () => {
  writeFileSync(file, declaration(7));
  const watching = new Watching();
  await watching.reportOf(() => {}, / s; waiting/);
  const broken: [string, RegExp][] = [
    [`${declaration(9)}const x = ;`, /nets\.arch\.ts:6:\d+: error FOV0031/],
    // As much as an editor has written so far.
    [declaration(9).slice(0, 150), /FOV00/],
    ["", /FOV0034/],
    [declaration(8), /nets\.arch\.ts:4:\d+: error FOV00/],
    [`${HEAD}export default [make("one", 11), make("one", 5)];\n`, /FOV0005/],
  ];
  for (const [text, wanted] of broken) {
    await watching.reportOf(() => writeFileSync(file, text), wanted);
    expect([kernelOf("one"), kernelOf("two")]).toEqual([7, 5]);
  }
  await watching.reportOf(() => writeFileSync(file, declaration(9)), / s; waiting/);
  expect(kernelOf("one")).toBe(9);
  // An edit by hand is in the way: it is shown, and nothing is written.
  const edited = join(out, "one/model.py");
  appendFileSync(edited, "# mine\n");
  const refused = await watching.reportOf(() => writeFileSync(file, declaration(11)), /FOV0052/);
  expect(refused).toContain("+# mine");
  expect(existsSync(join(out, "one/kernels/dense_11x11.py"))).toBe(false);
  writeFileSync(edited, readFileSync(edited, "utf8").replace("# mine\n", ""));
  expect(kernelOf("one")).toBe(9);
  await watching.reportOf(() => writeFileSync(file, `${declaration(11)}// saved\n`), / s; waiting/);
  expect(kernelOf("one")).toBe(11);
  expect(await watching.end()).toBe(130);
}, 120_000);

test("what the file imports is followed, and packages may be written beside it", async () => {
  out = folder;
  mkdirSync(join(folder, "lib"));
  const helper = join(folder, "lib/helper.ts");
  writeFileSync(helper, "export const kernel = 7;\n");
  writeFileSync(
    file,
    `import { kernel } from "./lib/helper.js";\n${HEAD}export default make("one", kernel);\n`,
  );
  const watching = new Watching();
  await watching.reportOf(() => {}, / s; waiting/);
  await watching.reportOf(
    () => writeFileSync(helper, "export const kernel = 8;\n"),
    /nets\.arch\.ts:\d+:\d+/,
  );
  // As editors save: another file is renamed into the place.
  const save = (): void => {
    writeFileSync(`${helper}.new`, "export const kernel = 9;\n");
    renameSync(`${helper}.new`, helper);
  };
  await watching.reportOf(save, / s; waiting/);
  expect(kernelOf("one")).toBe(9);
  expect(existsSync(join(folder, "index.ts"))).toBe(true);
  expect(await watching.end()).toBe(130);
}, 120_000);

test("there is nothing to watch in what is shipped", async () => {
  const { exit, stderr } = await runCommand(generate, [
    "generate",
    "pelk_tiny",
    "--out",
    out,
    "--watch",
  ]);
  expect([exit, stderr]).toEqual([2, expect.stringContaining("--watch")]);
});

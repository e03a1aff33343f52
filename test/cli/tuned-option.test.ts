import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import * as kernelCommand from "../../src/cli/commands/kernel.js";
import { writeFile } from "../../src/disk/write-files.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";
import { tunedEntry, tunedFile } from "../support/tuned.js";

/** Its kernel is dense 7×7, on maps of 8×8. */
const DECLARATION = `
import { classifier, dense, network, stem } from "fovea";
export default network("one", {
  input: { channels: 3, size: 32 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1],
  widths: [8],
  mixers: [dense({ kernel: 7 })],
  head: classifier(10),
});
`;

let folder: string;
let table: string;
let words: string[];
beforeEach(() => {
  folder = temporaryFolder();
  table = join(folder, "table.json");
  const declaration = join(folder, "one.arch.ts");
  writeFileSync(declaration, DECLARATION);
  words = ["generate", declaration, "--out", join(folder, "out")];
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

const run = (...more: string[]) => runCommand(generate, [...words, ...more]);
const tuned = (...more: string[]) => run("--tuned", table, ...more);
const emitted = (path = "kernels/dense_7x7.py"): string =>
  readFileSync(join(folder, "out/one", path), "utf8");
const put = (content: unknown): void =>
  writeFileSync(table, typeof content === "string" ? content : JSON.stringify(content));

describe("fovea generate --tuned", () => {
  test("emits the table's launches, and --check with the same table is clean", async () => {
    put(tunedFile([tunedEntry()]));
    expect((await tuned()).exit).toBe(0);
    expect(emitted()).toContain('("sm_90", "bfloat16", 8, 8, 64): {');
    expect(emitted()).toContain("# Regenerate: fovea generate one.arch.ts --tuned TABLE\n");
    expect(emitted("manifest.json")).not.toContain(folder);
    expect(await tuned("--check")).toMatchObject({ exit: 0, stderr: "" });
  });

  test("what is for other kernels may change, and the layout of the file", async () => {
    put(tunedFile([tunedEntry()]));
    await tuned();
    const more = [tunedEntry({ rows: [7] }), tunedEntry()];
    put(JSON.stringify(tunedFile(more, { device: "another" }), null, 2));
    expect((await tuned("--check")).exit).toBe(0);
  });

  test("another table, or none, is drift; the fix names the table", async () => {
    put(tunedFile([tunedEntry()]));
    await tuned();
    const without = await run("--check");
    expect(without.exit).toBe(1);
    expect(without.stderr).not.toContain("--tuned");
    put(tunedFile([tunedEntry({ batch: 32 })]));
    const other = await tuned("--check");
    expect(other.exit).toBe(1);
    expect(other.stderr).toContain(`--tuned ${table}`);
    expect((await tuned()).exit).toBe(0);
    expect(emitted()).toContain("8, 8, 32): {");
  });

  test("without it nothing of the cache is read", async () => {
    await run();
    const plain = emitted();
    writeFile(join(folder, "cache/tuned/sm_90.json"), JSON.stringify(tunedFile([tunedEntry()])));
    expect((await run("--check")).exit).toBe(0);
    expect(emitted()).toBe(plain);
    expect(plain).not.toMatch(/tuned/i);
  });

  test("a table for other kernels changes nothing, and that is told", async () => {
    await run();
    put(tunedFile([tunedEntry({ columns: [7] }), tunedEntry({ map: [9, 9] })]));
    const outcome = await tuned("--check");
    expect(outcome.exit).toBe(0);
    expect(outcome.stderr).toContain(`--tuned ${table}: none of its entries is for one`);
  });

  test("launches that the kernel does not have are named", async () => {
    put(tunedFile([tunedEntry({ launches: { planes_of_old: { BLOCK: 3 } } })]));
    const outcome = await tuned("--json");
    expect(outcome.exit).toBe(2);
    expect(outcome.json()).toMatchObject({
      error: {
        code: "FOV0040",
        path: "--tuned",
        message: expect.stringMatching(/^--tuned \S+table\.json: .*dense_7x7.*: planes_of_old$/),
        allowed: expect.stringContaining("gemm"),
      },
    });
  });

  const gemm = tunedEntry().launches["gemm"] ?? {};
  test.each([
    ["{torn", "this is no JSON"],
    ["[]", "the whole"],
    [{ ...tunedFile([]), v: 2 }, "v is 2"],
    [{ v: 1, device: "x", versions: {} }, "entries"],
    [tunedFile([tunedEntry({ arch: "ampere" })]), 'entries[0].arch is "ampere"'],
    [
      tunedFile([
        tunedEntry(),
        tunedEntry({ rows: [7], launches: { gemm: { ...gemm, BLOCK_K: 24 } } }),
      ]),
      "entries[1].launches.gemm.BLOCK_K is 24: not a power of two from 16 to 256",
    ],
  ])("a table with a mistake is refused, and nothing is written: %j", async (content, wrong) => {
    put(content);
    const outcome = await tuned();
    expect([outcome.exit, outcome.stdout]).toEqual([2, ""]);
    expect(outcome.stderr).toContain(`--tuned ${table}: ${wrong}`);
    expect(() => emitted()).toThrow("ENOENT");
  });

  test("a table that is not there is the user's mistake", async () => {
    const outcome = await tuned("--json");
    expect(outcome.exit).toBe(2);
    expect(outcome.json()).toMatchObject({
      error: { path: "--tuned", value: table, message: expect.stringContaining("ENOENT") },
    });
  });
});

describe("fovea kernel --tuned", () => {
  const kernel = (...more: string[]) =>
    runCommand(kernelCommand, ["kernel", "7", "--dense", "--map", "8", ...more]);

  test("prints the table's launches", async () => {
    put(tunedFile([tunedEntry()]));
    const { exit, stdout } = await kernel("--tuned", table);
    expect(exit).toBe(0);
    expect(stdout).toContain('("sm_90", "bfloat16", 8, 8, 64): {');
    expect(stdout).toContain("# Regenerate: fovea kernel 7 --dense --map 8 --tuned TABLE\n");
    expect(stdout).not.toContain(folder);
  });

  test("a table for other kernels changes nothing; one that is none is refused", async () => {
    put(tunedFile([tunedEntry({ rows: [7] })]));
    const other = await kernel("--tuned", table);
    expect(other.stdout).toBe((await kernel()).stdout);
    expect(other.stderr).toContain("none of its entries is for this kernel");
    put("{}");
    expect(await kernel("--tuned", table)).toMatchObject({ exit: 2, stdout: "" });
  });
});

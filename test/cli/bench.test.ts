import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as bench from "../../src/cli/commands/bench.js";
import { benchOf, benchShape } from "../support/benches.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const MEASURED = benchOf([benchShape(2)]);

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

/** A `python` that says what it was called with on stderr, prints `document` and ends. */
function pythonThat(document: unknown, status: number): void {
  const script = join(folder, "python");
  const stdout = document === null ? "" : JSON.stringify(document);
  writeFileSync(
    script,
    `#!/bin/sh\necho "called $*" >&2\ncat <<'END'\n${stdout}\nEND\nexit ${status}\n`,
  );
  chmodSync(script, 0o755);
  vi.stubEnv("FOVEA_PYTHON", script);
}

function file(name: string, content: unknown = ""): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

test("options go to Python as they are, and the times are told", async () => {
  pythonThat(MEASURED, 0);
  const kernel = file("kernel.py");
  const outcome = await runCommand(bench, [
    ...["bench", kernel, "--device", "cpu", "--dtype", "bf16", "--threads", "1", "--rounds", "3"],
    ...["--shape", "1,2,3,4", "--shape", "kernel=5,6,7,8"],
  ]);
  expect(outcome.exit).toBe(0);
  expect(outcome.stderr).toContain(
    `called -m fovea_runtime.bench ${kernel} --device cpu --dtype bf16 --shape 1,2,3,4 --shape kernel=5,6,7,8 --threads 1 --rounds 3`,
  );
  expect(outcome.stdout).toContain("peer torch_fft");
  expect(outcome.stdout).toContain("takes 1.50 times as long as auto");
});

test("a shipped network's kernels are measured on the maps of its stages", async () => {
  pythonThat(MEASURED, 0);
  const outcome = await runCommand(bench, ["bench", "pelk_tiny", "--device", "cpu", "--json"]);
  expect(outcome.stderr).toContain("--shape peripheral_51x51_c5=4,46,56,56");
  expect(outcome.stderr).toContain("--shape peripheral_13x13_c5=4,374,7,7");
  expect(outcome.json()).toEqual(MEASURED);
});

test("a red gate is exit 1, and its files are written all the same", async () => {
  const [kernel] = MEASURED.kernels;
  const red = { kernels: [{ ...kernel, passed: false, failures: ["auto on (4, 46): off by 1"] }] };
  pythonThat(red, 1);
  const out = join(folder, "a/b");
  const words = ["bench", file("kernel.py"), "--device", "cpu", "--out", out];
  const outcome = await runCommand(bench, words);
  expect(outcome.exit).toBe(1);
  expect(outcome.stdout).toContain("FAILED: auto on (4, 46): off by 1");
  expect(JSON.parse(readFileSync(join(out, "bench.json"), "utf8"))).toEqual(red);
  expect(existsSync(join(out, "bench.md")) && existsSync(join(out, "bench.svg"))).toBe(true);
});

test.each([
  [[], 0, "(+5.0%)"],
  [["--tolerance", "0.01"], 1, "WORSE by more than 1.0%"],
])("--compare with %j is exit %i", async (words, exit, told) => {
  pythonThat(benchOf([benchShape(2.1)]), 0);
  const earlier = file("earlier.json", MEASURED);
  const call = ["bench", file("kernel.py"), "--device", "cpu", "--compare", earlier, ...words];
  const outcome = await runCommand(bench, call);
  expect([outcome.exit, outcome.stdout.includes(told)]).toEqual([exit, true]);
  const json = await runCommand(bench, [...call, "--json"]);
  expect(json.exit).toBe(exit);
  expect(json.json()).toMatchObject({ kernels: [{}], comparison: { worse: exit === 1 } });
});

test.each([
  [["--shape", "1,2,3"], "1,2,3"],
  [["--shape", "1,2,3,0"], "1,2,3,0"],
  [["--shape", "=1,2,3,4"], "=1,2,3,4"],
  [["--rounds", "none"], "none"],
  [["--threads", "0"], "0"],
  [["--tolerance", "-1"], "-1"],
  [["--compare", "/nothing/bench.json"], "/nothing/bench.json"],
  [["--out", "/proc/bench"], "/proc/bench"],
])("%j is the user's mistake, or the disk's, before anything runs", async (words, value) => {
  pythonThat(MEASURED, 0);
  const call = ["bench", file("kernel.py"), "--device", "cpu", ...words, "--json"];
  const outcome = await runCommand(bench, call);
  expect(outcome.exit).toBe(words[0] === "--out" ? 1 : 2);
  expect(outcome.stderr).not.toContain("called");
  expect(JSON.stringify(outcome.json())).toContain(value);
});

test.each([
  [2, 2, "FOV0040"],
  [1, 1, "FOV0061"],
])("Python without a document and exit %i is exit %i", async (status, exit, code) => {
  pythonThat(null, status);
  const outcome = await runCommand(bench, ["bench", file("k.py"), "--device", "cpu", "--json"]);
  expect(outcome.exit).toBe(exit);
  expect(outcome.json()).toMatchObject({
    error: { code, message: expect.stringContaining("called") },
  });
});

test("CUDA without a device, and a target that is nothing, are the user's mistakes", async () => {
  pythonThat(null, 1);
  const cuda = await runCommand(bench, ["bench", file("k.py"), "--device", "cuda"]);
  expect([cuda.exit, cuda.stdout]).toEqual([2, ""]);
  const outcome = await runCommand(bench, ["bench", join(folder, "nothing")]);
  expect([outcome.exit, outcome.stdout]).toEqual([2, ""]);
});

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as tune from "../../src/cli/commands/tune.js";
import type { TunedEntry } from "../../src/plan/triton/tuned.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";
import { tunedEntry, tunedFile } from "../support/tuned.js";

let folder: string;
let cached: string;
let kernel: string;
beforeEach(() => {
  folder = temporaryFolder();
  cached = join(folder, "cache/tuned/sm_90.json");
  kernel = join(folder, "kernel.py");
  writeFileSync(kernel, "");
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

const CASE = {
  kernel: "dense_7x7",
  dtype: "bfloat16",
  map: [8, 8],
  batch: 64,
  channels: 64,
  default: 0.25,
  tuned: 0.125,
  candidates: 40,
  dropped: { compile: 2, spills: 3 },
};

const found = (entries: TunedEntry[], more: object = {}): object => ({
  ...tunedFile(entries),
  arch: "sm_90",
  cases: entries.map(() => CASE),
  failures: [],
  ...more,
});

function script(name: string, lines: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** A machine with a GPU, and a `python` that says how it tunes and prints `document`. */
function device(document: object | null, status = 0): void {
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  script("nvidia-smi", "echo NVIDIA H100");
  const text = document === null ? "" : JSON.stringify(document);
  const tuning = `echo "called $*" >&2; cat <<'END'\n${text}\nEND\nexit ${status}`;
  script("python", `if [ "$1" = -c ]; then echo 1; exit; fi\n${tuning}`);
  vi.stubEnv("FOVEA_PYTHON", join(folder, "python"));
}

const run = (...words: string[]) => runCommand(tune, ["tune", ...words]);
const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const keep = (file: string, content: object | string): void => {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
};

describe("without a CUDA device", () => {
  test.each([
    ["echo no driver; exit 9", "there is none here"],
    ["echo NVIDIA H100", "torch cannot use NVIDIA H100"],
  ])("it is the user's mistake, and nothing is written (%s)", async (smi, reason) => {
    device(found([tunedEntry()]));
    script("nvidia-smi", smi);
    script("python", 'if [ "$1" = -c ]; then echo False; exit; fi\necho "called $*" >&2');
    const out = join(folder, "out.json");
    const outcome = await run(kernel, "--out", out, "--json");
    expect(outcome.exit).toBe(2);
    expect(outcome.json()).toMatchObject({
      error: {
        code: "FOV0040",
        message: `fovea tune measures kernels on a CUDA device, and ${reason}`,
        fix: expect.stringContaining("run it on a machine with a CUDA device"),
      },
    });
    expect(outcome.stderr).not.toContain("called");
    expect(existsSync(out) || existsSync(join(folder, "cache"))).toBe(false);
  });
});

describe("on a CUDA device", () => {
  test("what Python finds is kept in the cache, and the path is told", async () => {
    device(found([tunedEntry()]));
    const outcome = await run(kernel, "--dtype", "bf16,fp32,bf16", "--batch", "48", "--batch", "8");
    expect(outcome.exit).toBe(0);
    expect(outcome.stderr).toContain(
      `called -m fovea_runtime.tune ${kernel} --dtype bf16,fp32 --batch 8 --batch 64\n`,
    );
    expect(outcome.stdout.trimEnd().split("\n")).toEqual([
      "dense_7x7 bfloat16 8x8 batch 64: 0.2500 -> 0.1250 ms, 40 candidates, dropped: 2 compile, 3 spills",
      `1 entry: ${cached}`,
    ]);
    expect(read(cached)).toEqual(tunedFile([tunedEntry()]));
  });

  test("a network's kernels are tuned with its channels", async () => {
    device(found([tunedEntry()]));
    const outcome = await run("pelk_tiny", "--json");
    expect(outcome.stderr).toMatch(
      /tune \S+pelk_tiny --dtype bf16,fp16,fp32 --batch 64 --channels/,
    );
    expect(outcome.stderr).toContain("--channels peripheral_51x51_c5=46,56,56");
    expect(outcome.json()).toEqual({ file: cached, ...found([tunedEntry()]) });
  });

  test.each([["cache"], ["--out"]])("entries join those that are there (%s)", async (place) => {
    const file = place === "cache" ? cached : join(folder, "table.json");
    const other = tunedEntry({ batch: 8 });
    keep(file, tunedFile([tunedEntry({ launches: {} }), other]));
    device(found([tunedEntry()]));
    const outcome = await run(kernel, ...(place === "cache" ? [] : ["--out", file]));
    expect(outcome.exit).toBe(0);
    expect(outcome.stdout).toContain(file);
    expect(outcome.stderr).not.toContain("left out");
    expect(read(file)).toEqual(tunedFile([other, tunedEntry()]));
    if (place !== "cache") expect(existsSync(cached)).toBe(false);
  });

  test("entries of another device are replaced, and that is told", async () => {
    keep(cached, tunedFile([tunedEntry({ batch: 8 })], { device: "NVIDIA H200" }));
    device(found([tunedEntry()]));
    const { stderr } = await run(kernel);
    expect(stderr).toContain("left out 1 entry of another device or other versions");
    expect(read(cached)).toEqual(tunedFile([tunedEntry()]));
  });

  test("a table of the cache that is none is made anew", async () => {
    keep(cached, "{torn");
    device(found([tunedEntry()]));
    const outcome = await run(kernel);
    expect([outcome.exit, outcome.stderr.includes("is made anew")]).toEqual([0, true]);
    expect(read(cached)).toEqual(tunedFile([tunedEntry()]));
  });

  test("a wrong kernel is exit 1, and what holds is kept", async () => {
    device(found([tunedEntry()], { failures: ["dense_7x7: off by 1"] }), 1);
    const outcome = await run(kernel);
    expect(outcome.exit).toBe(1);
    expect(outcome.stdout).toContain("FAILED: dense_7x7: off by 1");
    expect(read(cached)).toEqual(tunedFile([tunedEntry()]));
  });

  test("where nothing is found nothing is written", async () => {
    device(found([], { failures: ["dense_7x7: off by 1"] }), 1);
    const outcome = await run(kernel, "--json");
    expect([outcome.exit, existsSync(cached)]).toEqual([1, false]);
    expect(outcome.json()).toMatchObject({ file: null, entries: [] });
  });

  test("entries that no file could take are a failure", async () => {
    device(found([tunedEntry({ batch: 48 })]));
    const outcome = await run(kernel);
    expect([outcome.exit, existsSync(cached)]).toEqual([1, false]);
  });

  test("a table that cannot be written is exit 1, with the system's reason", async () => {
    device(found([tunedEntry()]));
    const outcome = await run(kernel, "--out", "/proc/fovea/table.json");
    expect(outcome.exit).toBe(1);
    expect(outcome.stderr).toMatch(/\/proc\/fovea\/table\.json cannot be written: E[A-Z]+/);
  });

  test.each([
    [2, 2, "FOV0040"],
    [1, 1, "FOV0061"],
  ])("Python without a document and exit %i is exit %i", async (status, exit, code) => {
    device(null, status);
    const outcome = await run(kernel, "--json");
    expect(outcome.exit).toBe(exit);
    expect(outcome.json()).toMatchObject({
      error: { code, message: expect.stringContaining("called") },
    });
  });
});

test.each([
  [["--dtype", "fp64"], "fp64"],
  [["--batch", "0"], "0"],
  [["--batch", "many"], "many"],
  [["--out", ""], "--out"],
  [["--out", "folder/"], "folder/"],
])("%j is the user's mistake before anything runs", async (words, value) => {
  device(found([tunedEntry()]));
  const outcome = await run(kernel, ...words, "--json");
  expect(outcome.exit).toBe(2);
  expect(outcome.stderr).not.toContain("called");
  expect(JSON.stringify(outcome.json())).toContain(value);
});

test("a file of the user's that is no table is refused before anything runs, and stays", async () => {
  const out = join(folder, "mine.json");
  writeFileSync(out, '{"mine": true}');
  device(found([tunedEntry()]));
  const outcome = await run(kernel, "--out", out);
  expect([outcome.exit, outcome.stdout]).toEqual([2, ""]);
  expect(outcome.stderr).toContain(out);
  expect(outcome.stderr).not.toContain("called");
  expect(readFileSync(out, "utf8")).toBe('{"mine": true}');
});

test("a file of the user's that came to hold something else meanwhile stays", async () => {
  const out = join(folder, "mine.json");
  device(found([tunedEntry()]));
  script("nvidia-smi", `echo NVIDIA H100; echo mine > ${out}`);
  expect((await run(kernel, "--out", out)).exit).toBe(2);
  expect(readFileSync(out, "utf8")).toBe("mine\n");
});

test("a target that is nothing is the user's mistake", async () => {
  device(found([]));
  const outcome = await run(join(folder, "nothing"));
  expect([outcome.exit, outcome.stdout]).toEqual([2, ""]);
});

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as bench from "../../src/cli/commands/bench.js";
import { NETWORKS_MEASURED } from "../support/benches.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const VERIFIED = { kernels: [{ kernel: "k", passed: true, cached: false, failures: [] }] };

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

/** A `python` that writes down its words, and answers as it is told: verify, then the bench. */
function pythonThat(document: unknown, status = 0, verified = 0): void {
  const answer = (name: string, value: unknown) => {
    const text = value === null ? "" : JSON.stringify(value);
    writeFileSync(join(folder, name), text);
  };
  answer("verify", VERIFIED);
  answer("bench", document);
  const script = join(folder, "python");
  writeFileSync(
    script,
    `#!/bin/sh
printf '%s\\n' "$*" >> ${folder}/calls
case "$2" in
  fovea_runtime.verify) cat ${folder}/verify; exit ${verified};;
  *) echo "the last word" >&2; cat ${folder}/bench; exit ${status};;
esac
`,
  );
  chmodSync(script, 0o755);
  vi.stubEnv("FOVEA_PYTHON", script);
}

const calls = (): string[] => {
  try {
    return readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  } catch {
    return [];
  }
};
const run = (...words: string[]) =>
  runCommand(bench, ["bench", ...words, "--network", "--device", "cpu"]);

function file(expression: string): string {
  const path = join(folder, "main.ts");
  writeFileSync(path, `import { pelk, timm } from "fovea";\nexport default ${expression};\n`);
  return path;
}

test("a generated network is verified, then timed beside its peers", async () => {
  pythonThat(NETWORKS_MEASURED);
  const words = ["--batch", "8", "--threads", "1", "--rounds", "3", "--dtype", "bf16"];
  const outcome = await run("pelk_tiny", "--peer", "timm:resnet50", ...words);
  expect(outcome.exit).toBe(0);
  const [verify = "", timed = "", ...others] = calls();
  expect(others).toEqual([]);
  expect(verify).toMatch(/^-m fovea_runtime\.verify \S*pelk_tiny /);
  expect(timed).toMatch(
    /^-m fovea_runtime\.bench_networks --device cpu --dtype bf16 --batch 8 --channels 3 --size 224x224 --threads 1 --rounds 3 --package \S*pelk_tiny --peer \{/,
  );
  expect(timed).toContain('"model":"resnet50"');
  expect(outcome.stdout).toContain("4 images of 3×224×224, fp32, on cpu, 2 threads (a chip)");
  expect(outcome.stdout).toMatch(/peer timm_resnet50 +12\.35 M +1,333/);
});

test("--json is Python's document; peers of the file are timed too", async () => {
  pythonThat(NETWORKS_MEASURED);
  const path = file('[timm("resnet18"), pelk("tiny", { input: { channels: 1, size: 96 } })]');
  const outcome = await run(path, "--peer", "timm:resnet50", "--json");
  expect(outcome.json()).toEqual(NETWORKS_MEASURED);
  const timed = calls().at(-1) ?? "";
  expect(timed).toContain("--channels 1 --size 96x96");
  expect(timed.indexOf("resnet18")).toBeGreaterThan(timed.indexOf("--package"));
  expect(timed.indexOf("resnet50")).toBeGreaterThan(timed.indexOf("resnet18"));
});

test("peers alone have no kernels, and their own size", async () => {
  pythonThat(NETWORKS_MEASURED);
  expect((await run("timm:resnet50", "--json")).exit).toBe(0);
  expect(calls()).toHaveLength(1);
  expect(calls()[0]).not.toContain("--size");
});

test("kernels that do not hold are not timed", async () => {
  pythonThat(NETWORKS_MEASURED, 0, 1);
  const outcome = await run("pelk_tiny", "--json");
  expect([outcome.exit, outcome.json()]).toMatchObject([1, { error: { code: "FOV0061" } }]);
  expect(calls()).toHaveLength(1);
});

test("a network that gives no numbers is exit 1, with the others' times", async () => {
  const [first, ...others] = NETWORKS_MEASURED.networks;
  const wrong = { ...first, failures: ["not finite"], forward: null, forward_backward: null };
  pythonThat({ ...NETWORKS_MEASURED, networks: [wrong, ...others] }, 1);
  const outcome = await run("pelk_tiny");
  expect(outcome.exit).toBe(1);
  expect(outcome.stdout).toContain("net is wrong, and not timed: not finite");
});

test("a peer that timm does not have is told at its place", async () => {
  const error = { index: 1, message: "no such", path: "model", allowed: null, fix: "another" };
  pythonThat({ error }, 2);
  const path = file('[timm("resnet18"), timm("resnet_51")]');
  const outcome = await run(path, "--json");
  expect(outcome.exit).toBe(2);
  expect(outcome.json()).toMatchObject({
    error: { code: "FOV0062", message: "no such", file: path, line: 2, value: "resnet_51" },
  });
});

test.each([
  [2, 2, "FOV0040"],
  [1, 1, "FOV0061"],
])("Python without a document and exit %i is exit %i", async (status, exit, code) => {
  pythonThat(null, status);
  const outcome = await run("timm:resnet50", "--json");
  expect(outcome.exit).toBe(exit);
  expect(outcome.json()).toMatchObject({ error: { code, message: "the last word" } });
});

test.each([
  [["--shape", "1,2,3,4"], "--shape"],
  [["--out", "/nothing"], "--out"],
  [["--peer", "resnet50"], "--peer"],
  [["--peer", "pelk_tiny"], "--peer"],
  [["--peer", "timm:a/b"], "timm:a/b"],
  [["--batch", "0"], "--batch"],
  [["--size", "huge"], "--size"],
  [["--size", "3"], "--size"],
  [["--peer", "timm:a", "--peer", "timm:a"], "timm_a"],
])("%j is refused before anything runs", async (words, said) => {
  pythonThat(NETWORKS_MEASURED);
  const outcome = await run("pelk_tiny", ...words, "--json");
  expect(outcome.exit).toBe(2);
  expect(JSON.stringify(outcome.json())).toContain(said);
  expect(calls()).toEqual([]);
});

test.each([
  ["--peer", "timm:resnet50"],
  ["--batch", "4"],
  ["--size", "64"],
])("%s without --network is refused", async (option, value) => {
  pythonThat(NETWORKS_MEASURED);
  const words = ["bench", "pelk_tiny", option, value, "--json"];
  const outcome = await runCommand(bench, words);
  expect(outcome.exit).toBe(2);
  expect(outcome.json()).toMatchObject({ error: { fix: "add --network" } });
});

test("a kernel file is no network", async () => {
  pythonThat(NETWORKS_MEASURED);
  const kernel = join(folder, "kernel.py");
  writeFileSync(kernel, "");
  expect((await run(kernel, "--json")).json()).toMatchObject({ error: { code: "FOV0040" } });
});

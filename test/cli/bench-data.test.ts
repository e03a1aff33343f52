import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as bench from "../../src/cli/commands/bench.js";
import { answeringPython } from "../support/answering-python.js";
import { DATA_MEASURED } from "../support/benches.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => vi.unstubAllEnvs());

const run = (...words: string[]) => runCommand(bench, ["bench", "data", ...words]);

function file(expression: string): string {
  const path = join(folder, "main.ts");
  writeFileSync(
    path,
    `import { coco, digits, experiment, imageFolder, pelk } from "fovea";\nexport default ${expression};\n`,
  );
  return path;
}

const EXPERIMENT = `experiment({ name: "a", network: pelk("tiny"), data: imageFolder({ root: "r" }), recipe: { batch: 16 } })`;

test("the data of an experiment, as the terminal shows them", async () => {
  const asked = answeringPython(folder, DATA_MEASURED);
  const words = ["--workers", "0,2", "--batches", "5", "--rounds", "4", "--batch", "32"];
  const outcome = await run(file(EXPERIMENT), ...words);
  expect(outcome.exit).toBe(0);
  expect(asked()).toMatchObject({
    ...{ data: null, batch: null, workers: [0, 2], batches: 5, rounds: 4 },
    experiment: { name: "a", data: { root: "r" }, recipe: { batch: 32 } },
  });
  const lines = outcome.stdout.split("\n");
  expect(lines[0]).toBe(
    "image_folder: 1,281,167 training images, 110 KiB each; batches of 64 images of 224×192 pixels; 2 cores (a chip)",
  );
  expect(lines[1]).toBe(
    "opened in 61.25 s, with the index that is kept 500 ms; torchvision 5.13 s",
  );
  expect(lines[3]).toMatch(/^ +0 +90 +89–91 +100 +99–101 +0\.91 +20,000 +19,999–20,001$/);
  expect(lines[4]).toMatch(/^ +2 +170 +169–171 +– +– +– +– +–$/);
  expect(lines[5]).toBe(DATA_MEASURED.problems[0]);
});

test("--json is Python's document", async () => {
  answeringPython(folder, DATA_MEASURED);
  expect((await run(file(EXPERIMENT), "--json")).json()).toEqual(DATA_MEASURED);
});

test("what is not given is the data's and the recipe's", async () => {
  const asked = answeringPython(folder, DATA_MEASURED);
  await run(file(EXPERIMENT));
  expect(asked()).toMatchObject({
    ...{ workers: [0, 4], batches: 8, rounds: 3, batch: null },
    experiment: { recipe: { batch: 16 } },
  });
});

test("data of a dense task stand alone in their file", async () => {
  const asked = answeringPython(folder, DATA_MEASURED);
  await run(file('coco({ root: "r", workers: 0 })'));
  expect(asked()).toMatchObject({
    ...{ experiment: null, data: { type: "coco", root: "r" }, batch: 16, workers: [0] },
  });
});

test("other data alone are measured at 224 pixels without augmentation", async () => {
  const asked = answeringPython(folder, DATA_MEASURED);
  await run(file('imageFolder({ root: "r" })'), "--batch", "8");
  expect(asked()).toMatchObject({
    experiment: {
      network: { input: { channels: 3, size: 224 } },
      recipe: { batch: 8, augment: { flip: 0, randAugment: false } },
    },
  });
});

test("a shipped experiment goes by its name", async () => {
  const asked = answeringPython(folder, DATA_MEASURED);
  await run("demo");
  expect(asked()).toMatchObject({ experiment: { name: "demo", data: { type: "digits" } } });
});

test("data that cannot be used are the user's mistake", async () => {
  const error = { code: "FOV0100", message: "there is no folder r", list: [] };
  answeringPython(folder, { error }, 2);
  const outcome = await run(file(EXPERIMENT), "--json");
  expect(outcome.exit).toBe(2);
  expect(outcome.json()).toMatchObject({ error: { code: "FOV0100", message: error.message } });
});

test.each([
  [["--workers", "1,x"], "--workers 1,x"],
  [["--workers", "257"], "--workers 257"],
  [["--workers", "-1"], "--workers -1"],
  [["--batches", "0"], "--batches 0"],
  [["--rounds", "many"], "--rounds many"],
  [["--network"], "--network is for kernels"],
  [["--device", "cpu"], "--device is for kernels"],
])("%j is refused before anything runs", async (words, said) => {
  vi.stubEnv("FOVEA_PYTHON", join(folder, "no-python"));
  const outcome = await run(file(EXPERIMENT), ...words, "--json");
  expect(outcome.exit).toBe(2);
  expect(outcome.json()).toMatchObject({ error: { code: "FOV0040" } });
  expect(outcome.stderr).toContain(said);
});

test.each([
  ['pelk("tiny")', "FOV0034"],
  ["{ type: 'peripheral' }", "FOV0034"],
  ["null", "FOV0034"],
  ["{ type: 'coco', root: '' }", "FOV0001"],
])("a file that exports %s has no data", async (expression, code) => {
  const outcome = await run(file(expression), "--json");
  expect(outcome.exit).toBe(2);
  expect(outcome.json()).toMatchObject({ error: { code, file: join(folder, "main.ts"), line: 2 } });
});

test("a shipped network has no data", async () => {
  expect((await run("pelk_tiny", "--json")).json()).toMatchObject({ error: { code: "FOV0034" } });
});

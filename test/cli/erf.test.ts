import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as erf from "../../src/cli/commands/erf.js";
import { answeringPython } from "../support/answering-python.js";
import { runCommand } from "../support/command.js";
import { writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

let folder: string;
let weights: string;
beforeEach(() => {
  folder = temporaryFolder();
  weights = join(folder, "own.safetensors");
  writeFileSync(weights, "weights");
  vi.stubEnv("FOVEA_HOME", join(folder, "home"));
});
afterEach(() => vi.unstubAllEnvs());

const ratios = { "20": 0.0125, "30": 0.025, "50": 0.1, "99": 1 };
const MODEL = {
  ...{ name: "pelk_tiny", network: "pelk_tiny", weights: null, average: false, step: null },
  ...{ images: 3, size: 64, map: "forward_features", ratios, log_ratios: ratios },
  ...{ sides: { "20": 7, "30": 11, "50": 21, "99": 64 }, files: ["/there/a.png"], notes: [] },
};
const REPORT = {
  models: [
    MODEL,
    {
      ...{ ...MODEL, name: "b-run", weights: "/there/last.pt", average: true, step: 1200 },
      ...{ ratios: null, sides: null, log_ratios: null, files: [], notes: ["nothing contributes"] },
    },
  ],
  files: ["/there/side-by-side.svg"],
  source: { folder: null, images: 3 },
  device: "cpu",
  device_name: "a chip",
  versions: { torch: "2.15.0", triton: null },
  passed: true,
};

const run = (...words: string[]) => runCommand(erf, ["erf", ...words]);

function trained(): { id: string; file: string; package: string } {
  const { id, directory } = writeRun(join(folder, "home"));
  const network = join(directory, "package", "pelk_digits");
  for (const each of [network, join(directory, "checkpoints")])
    mkdirSync(each, { recursive: true });
  writeFileSync(join(network, "manifest.json"), "{}");
  const file = join(directory, "checkpoints", "last.pt");
  writeFileSync(file, "weights");
  return { id, file, package: network };
}

const fresh = { weights: null, average: null };

test("runs, declarations and models of timm are measured in their order", async () => {
  const made = trained();
  const file = join(folder, "two.ts");
  writeFileSync(
    file,
    `import { pelk, timm } from "fovea";\nexport default [timm("resnet18"), pelk("tiny", { name: "mine" })];\n`,
  );
  const asked = answeringPython(folder, REPORT);
  const outcome = await run(made.id, file, "timm:swin_tiny_patch4_window7_224", "--json");
  expect(outcome.stderr).toBe("");
  const { known: _, ...request } = asked() as Record<string, unknown>;
  expect(request).toEqual({
    subjects: [
      { name: made.id, package: made.package, peer: null, weights: made.file, average: null },
      {
        ...{ name: "timm_resnet18", package: null, ...fresh },
        peer: expect.objectContaining({ model: "resnet18" }),
      },
      { name: "mine", package: expect.stringMatching(/\/mine$/), peer: null, ...fresh },
      {
        ...{ name: "timm_swin_tiny_patch4_window7_224", package: null, ...fresh },
        peer: expect.objectContaining({ model: "swin_tiny_patch4_window7_224" }),
      },
    ],
    images: null,
    count: 50,
    size: 1024,
    out: null,
    device: "auto",
  });
  const { passed: __, ...found } = REPORT;
  expect(outcome.json()).toEqual(found);
});

test("weights go to the only target that is no run, or to the one that is named", async () => {
  const made = trained();
  const asked = answeringPython(folder, REPORT);
  const common = ["--images", folder, "--count", "3", "--size", "64", "--out", join(folder, "out")];
  await run(made.id, "pelk_tiny", "--weights", weights, "--no-ema", ...common);
  expect(asked()).toMatchObject({
    subjects: [
      { name: made.id, weights: made.file, average: false },
      { name: "pelk_tiny", weights, average: false },
    ],
    ...{ images: folder, count: 3, size: 64, out: join(folder, "out") },
  });
  await run("pelk_tiny", "pelk_digits", "--weights", `pelk_digits=${made.id}`, "--ema");
  expect(asked()).toMatchObject({
    subjects: [
      { name: "pelk_tiny", ...fresh },
      { name: "pelk_digits", weights: made.file, average: true },
    ],
  });
});

test("the table says what was measured, and on what", async () => {
  answeringPython(folder, REPORT);
  const outcome = await run("pelk_tiny", "--count", "5");
  expect(outcome.exit).toBe(0);
  const { stdout } = outcome;
  expect(stdout).toMatch(
    /pelk_tiny +untrained +1\.3% +2\.5% +10\.0% +100\.0% +7 11 21 64 +1\.3% +2\.5%/,
  );
  expect(stdout).toMatch(/b-run +last\.pt, step 1,200, moving average +– +– +– +– +–/);
  for (const line of [
    "3 images at 64×64 (5 were asked for).",
    "The images are crops of scikit-learn's two photographs",
    "Untrained blocks",
    "b-run: nothing contributes",
    "wrote /there/a.png",
    "wrote /there/side-by-side.svg",
  ]) {
    expect(stdout).toContain(line);
  }
});

test("nothing that contributes is exit 1", async () => {
  answeringPython(folder, { ...REPORT, passed: false }, 1);
  expect((await run("pelk_tiny")).exit).toBe(1);
});

test.each([
  [["absent"], "FOV0030", "absent"],
  [["demo-01234567-9"], "FOV0070", "there is no run"],
  [["pelk_tiny", "pelk_tiny"], "FOV0005", "two of the models are called pelk_tiny"],
  [["pelk_tiny", "--count", "0"], "FOV0040", "--count 0"],
  [["pelk_tiny", "--size", "64x64"], "FOV0040", "--size 64x64"],
  [["pelk_tiny", "--out", "FILE"], "FOV0040", "this is no folder"],
  [["pelk_tiny", "--weights", "absent.pt"], "FOV0030", "--weights absent.pt"],
  [["pelk_tiny", "slak_tiny", "--weights", "FILE"], "FOV0040", "it does not say whose"],
  [["pelk_tiny", "--weights", "FILE", "--weights", "FILE"], "FOV0040", "has weights already"],
  [["RUN", "--weights", "FILE"], "FOV0040", "every target is a run"],
])("%j is refused before Python is started", async (words, code, told) => {
  const made = trained();
  answeringPython(folder, REPORT);
  const meant: Record<string, string> = { FILE: weights, RUN: made.id };
  const outcome = await run(...words.map((word) => meant[word] ?? word), "--json");
  expect(outcome.exit).toBe(2);
  expect(outcome.json()).toMatchObject({ error: { code } });
  expect(outcome.stderr).toContain(told);
  expect(existsSync(join(folder, "request"))).toBe(false);
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as evaluating from "../../src/cli/commands/eval.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
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

const times = { median: 20, min: 10, max: 40, rounds: 7 };
const REPORT = {
  network: "pelk_digits",
  checkpoint: { file: "/there/last.pt", average: true, step: 1200 },
  fused: false,
  images: 1000,
  size: [48, 48],
  batch: 64,
  amp: "bf16",
  metrics: { top1: 91.5, top5: 99.25, loss: 0.3125 },
  classes: Array.from({ length: 7 }, (_, index) => ({
    class: index,
    name: `kind ${index}`,
    images: index === 6 ? 0 : 100,
    top1: index === 6 ? null : 90 - 10 * index,
  })),
  seconds: 12.3,
  throughput: [
    {
      ...{ batch: 8, amp: "off", images_per_second: 400, slowest: 200, fastest: 800 },
      milliseconds: times,
    },
    {
      ...{ batch: 8, amp: "bf16", images_per_second: null, slowest: null, fastest: null },
      milliseconds: null,
    },
  ],
  device: "cpu",
  device_name: "a chip",
  threads: 2,
  versions: { torch: "2.15.0", triton: null },
  passed: true,
  notes: ["a note"],
};

const run = (...words: string[]) => runCommand(evaluating, ["eval", ...words]);

/** A run with checkpoints. */
function trained(...names: string[]): { id: string; directory: string; file: string } {
  const { id, directory } = writeRun(join(folder, "home"));
  mkdirSync(join(directory, "checkpoints"));
  for (const name of names) writeFileSync(join(directory, "checkpoints", name), "weights");
  const network = join(directory, "package", "pelk_digits");
  mkdirSync(network, { recursive: true });
  writeFileSync(join(network, "manifest.json"), "{}");
  return { id, directory, file: join(directory, "checkpoints", names[0] ?? "") };
}

/** A folder of class folders. */
function classes(...path: string[]): string {
  const made = join(folder, ...path);
  for (const name of ["cat", "dog"]) mkdirSync(join(made, name), { recursive: true });
  return made;
}

describe("a run", () => {
  test.each(["id", "folder", "last.pt"])("named by its %s has all of its own", async (how) => {
    const { id, directory, file } = trained("last.pt");
    const asked = answeringPython(folder, REPORT);
    const named = { id, folder: directory, "last.pt": file }[how] ?? "";
    const outcome = await run(named, "--json");
    expect(outcome.stderr).toBe("");
    expect(outcome.exit).toBe(0);
    const { data, recipe, seed } = demo();
    const { known, ...request } = asked() as Record<string, unknown>;
    expect(known).toHaveLength(Object.keys(shippedNetworks).length);
    expect(request).toEqual({
      subject: {
        name: null,
        package: join(directory, "package", "pelk_digits"),
        peer: null,
        weights: file,
        average: null,
      },
      data,
      recipe: JSON.parse(JSON.stringify(recipe)),
      seed,
      is_run: true,
      is_own_data: true,
      size: null,
      batch: null,
      device: "auto",
      amp: null,
      fuse: false,
      throughput: null,
    });
    const { passed: _, ...found } = REPORT;
    expect(outcome.json()).toEqual({ target: named, ...found, data });
  });

  test("takes everything that is said", async () => {
    const { id, directory } = trained("best.pt");
    const asked = answeringPython(folder, REPORT);
    await run(
      ...[id, "--checkpoint", "best", "--no-ema", "--data", "digits:30", "--size", "40x56"],
      ...["--batch", "7", "--device", "cpu", "--amp", "off", "--fuse", "--throughput", "1,8", "64"],
    );
    expect(asked()).toMatchObject({
      subject: { weights: join(directory, "checkpoints", "best.pt"), average: false },
      data: { type: "digits", test: 30 },
      seed: demo().seed,
      is_run: true,
      is_own_data: false,
      size: [40, 56],
      batch: 7,
      device: "cpu",
      amp: false,
      fuse: true,
      throughput: [1, 8, 64],
    });
  });

  test("its checkpoint in another network is a file of weights", async () => {
    const { file } = trained("last.pt");
    const asked = answeringPython(folder, REPORT);
    await run(file, "--network", "timm:resnet18", "--ema", "--throughput");
    expect(asked()).toMatchObject({
      subject: { package: null, peer: { model: "resnet18" }, weights: file, average: true },
      data: { type: "digits" },
      recipe: { batch: 64, amp: false },
      is_run: false,
      is_own_data: true,
      throughput: [],
    });
  });

  test("of a model of timm has no package", async () => {
    const { id, directory } = trained("last.pt");
    const path = join(directory, "run.json");
    const record = JSON.parse(readFileSync(path, "utf8"));
    const peer = { kind: "timm", name: "p", model: "resnet18", dropPath: 0, classes: 10 };
    record.experiment.network = { ...peer, input: { channels: 1, size: 32 } };
    record.package = null;
    writeFileSync(path, JSON.stringify(record));
    const asked = answeringPython(folder, REPORT);
    expect((await run(id)).exit).toBe(0);
    expect(asked()).toMatchObject({ subject: { package: null, peer: { model: "resnet18" } } });
  });
});

describe("a file of weights", () => {
  test("is evaluated in a named network, on a root's held-out images", async () => {
    const asked = answeringPython(folder, REPORT);
    classes("images", "train");
    classes("images", "val");
    const data = join(folder, "images");
    const outcome = await run(weights, "--network", "pelk_tiny", "--data", data);
    expect(outcome.stderr).toBe("");
    expect(asked()).toMatchObject({
      subject: { package: expect.stringMatching(/\/pelk_tiny$/), weights, average: null },
      data: { type: "image_folder", root: data, train: "val", validation: "val" },
      recipe: { batch: 64, channelsLast: false, augment: { flip: 0, randAugment: false } },
      seed: 0,
      is_run: false,
      is_own_data: false,
      device: "auto",
    });
  });

  test.each([
    ["the class folders themselves", ["some"], "some"],
    ["a root with test/", ["root", "test"], "root"],
  ])("on %s", async (_, path, named) => {
    const asked = answeringPython(folder, REPORT);
    classes(...path);
    await run(weights, "--network", "pelk_tiny", "--data", join(folder, named));
    const root = path.length === 1 ? folder : join(folder, named);
    const validation = path.at(-1);
    expect(asked()).toMatchObject({ data: { root, train: validation, validation } });
  });

  test("on an experiment's held-out data, with its seed", async () => {
    const asked = answeringPython(folder, REPORT);
    const file = join(folder, "main.ts");
    writeFileSync(
      file,
      `import { experiment, imageFolder, pelk } from "fovea";
export default experiment({ name: "a", network: pelk("tiny"), data: imageFolder({ root: "r", validation: "held" }), seed: 5 });`,
    );
    await run(weights, "--network", "pelk_tiny", "--data", file);
    expect(asked()).toMatchObject({
      data: { root: "r", train: "held", validation: "held" },
      seed: 5,
      is_own_data: false,
    });
  });

  test("what Python finds wrong with a peer is told at its place", async () => {
    const error = {
      ...{ code: "FOV0062", message: "timm has no model resnet_51", list: [] },
      value: "timm:resnet_51",
    };
    answeringPython(folder, { error }, 2);
    const file = join(folder, "peer.ts");
    writeFileSync(file, `import { timm } from "fovea";\n\nexport default timm("resnet_51");\n`);
    const outcome = await run(weights, "--network", file, "--data", "digits", "--json");
    expect(outcome.exit).toBe(2);
    expect(outcome.json()).toMatchObject({ error: { code: "FOV0062", file, line: 3 } });
  });
});

describe("the text", () => {
  test("has figures, the worst classes and times", async () => {
    const { id } = trained("last.pt");
    answeringPython(folder, REPORT);
    const { stdout } = await run(id);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, 6)).toEqual([
      `pelk_digits: ${id}, last.pt, step 1,200, moving average`,
      "  1,000 scenes of digits at 48×48, batch 64, bf16, cpu (a chip), 12 s",
      "  a note",
      "",
      "top-1  top-5    loss",
      "91.50  99.25  0.3125",
    ]);
    expect(stdout).toMatch(/class +images +top-1\n +5 +kind 5 +100 +40\.00\n +4 +kind 4/);
    expect(stdout).not.toContain("kind 0");
    expect(stdout).toContain("the worst 5 of 7; --per-class shows all");
    expect(stdout).toMatch(/8 +fp32 +400 +200–800 +20\n/);
    expect(stdout).toMatch(/8 +bf16 +out of memory/);
  });

  test("has all classes with --per-class", async () => {
    const { id } = trained("last.pt");
    answeringPython(folder, REPORT);
    const { stdout } = await run(id, "--per-class");
    expect(stdout).toContain("kind 0");
    expect(stdout).toMatch(/kind 6 +0 +–/);
    expect(stdout).not.toContain("--per-class");
  });
});

test("a network that gives no numbers is exit 1", async () => {
  const { id } = trained("last.pt");
  const metrics = { top1: 0, top5: 0, loss: null };
  answeringPython(folder, { ...REPORT, metrics, passed: false }, 1);
  const outcome = await run(id, "--json");
  expect(outcome.exit).toBe(1);
  expect(outcome.json()).toMatchObject({ metrics });
});

test.each([
  [["absent-1"], "FOV0070", 'there is no run "absent-1"'],
  [["absent.pt"], "FOV0030", "TARGET absent.pt: there is no such file"],
  [["pelk_tiny"], "FOV0040", "this is a network, not its weights"],
  [["WEIGHTS"], "FOV0040", "--network is not given"],
  [["WEIGHTS", "--network", "pelk_tiny"], "FOV0040", "--data is not given"],
  [["WEIGHTS", "--network", "pelk_tyny", "--data", "digits"], "FOV0030", "pelk_tyny"],
  [["WEIGHTS", "--network", "timm:a/b", "--data", "digits"], "FOV0001", "timm"],
  [["WEIGHTS", "--checkpoint", "best"], "FOV0040", "only a run has several checkpoints"],
  [["RUN", "--batch", "0"], "FOV0040", "--batch 0"],
  [["RUN", "--size", "huge"], "FOV0040", "--size huge"],
  [["RUN", "--throughput", "1", "x"], "FOV0040", "--throughput x"],
  [["RUN", "--throughput", "4", "4"], "FOV0040", "4 is there twice"],
  [["RUN", "--data", "digits:"], "FOV0040", "there is no number of scenes"],
  [["RUN", "--data", "digits:0"], "FOV0040", "not a positive whole number"],
  [["RUN", "--data", "absent"], "FOV0030", "--data absent: there is no such file"],
  [["RUN", "--data", "absent.ts"], "FOV0030", "absent.ts"],
  [["RUN", "--data", "EMPTY"], "FOV0040", "there is no folder in it"],
  [["RUN", "--data", "TRAIN"], "FOV0040", "it has train/ and none of"],
  [["RUN", "--data", "DECLARATION"], "FOV0034", "declares no experiment"],
  [["BARE"], "FOV0070", "has no checkpoint last.pt"],
])("%j is refused before Python is started", async (words, code, told) => {
  const run_ = trained("last.pt");
  const bare = writeRun(join(folder, "home"), { counter: 2 });
  const declaration = join(folder, "net.ts");
  writeFileSync(
    declaration,
    `import { pelk } from "fovea";\nexport default pelk("tiny", { name: "a" });\n`,
  );
  mkdirSync(join(folder, "empty"));
  classes("half", "train");
  answeringPython(folder, REPORT);
  const meant: Record<string, string> = {
    ...{ WEIGHTS: weights, RUN: run_.id, BARE: bare.id, DECLARATION: declaration },
    ...{ EMPTY: join(folder, "empty"), TRAIN: join(folder, "half") },
  };
  const outcome = await run(...words.map((word) => meant[word] ?? word), "--json");
  expect(outcome.exit).toBe(2);
  expect(outcome.json()).toMatchObject({ error: { code } });
  expect(outcome.stderr).toContain(told);
});

test("a checkpoint that is not there names the other", async () => {
  const { id, file } = trained("best.pt");
  answeringPython(folder, REPORT);
  const outcome = await run(id);
  expect(outcome.exit).toBe(2);
  expect(outcome.stderr).toContain(`name ${file}`);
});

import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as weights from "../../src/cli/commands/weights.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

let folder: string;
let source: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  source = join(folder, "slak.pth");
  out = join(folder, "out.safetensors");
  writeFileSync(source, "weights");
  vi.stubEnv("FOVEA_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

const REPORT = {
  network: "slak_tiny",
  format: "slak",
  from: "slak.pth",
  out: "out.safetensors",
  entry: "model",
  average: false,
  classes: 10,
  tensors: 470,
  parameters: 49_714_828,
  notes: ["470 float16 tensors are cast to float32, exactly"],
  classifier: "fresh",
  seed: 0,
  left_out: ["head.weight (1000, 998)", "optimizer"],
  filled: [],
};

/** A `python` that keeps each request beside it and answers them in turn. */
function pythonThat(answers: readonly object[], status = 0, said = ""): void {
  const script = join(folder, "python");
  answers.forEach((answer, index) => {
    writeFileSync(join(folder, `answer${index}`), JSON.stringify(answer));
  });
  writeFileSync(
    script,
    `#!/bin/sh
n=$(ls ${folder} | grep -c request)
cat > ${folder}/request$n
echo "$1 $2" > ${folder}/words
[ -n "${said}" ] && echo "${said}" >&2
cat ${folder}/answer$n 2>/dev/null
exit ${status}
`,
  );
  chmodSync(script, 0o755);
  vi.stubEnv("FOVEA_PYTHON", script);
}

const request = (n: number) => JSON.parse(readFileSync(join(folder, `request${n}`), "utf8"));

const importSlak = (...more: string[]) =>
  runCommand(weights, [
    ...["weights", "import", "--from", source, "--format", "slak", "--out", out],
    ...more,
  ]);

describe("what Python is asked, and what it answers", () => {
  test("an import names file, format, package, classes and the shipped networks", async () => {
    pythonThat([REPORT]);
    const outcome = await importSlak("--network", "convnext_tiny", "--classes", "10", "--ema");
    expect(outcome.exit).toBe(0);
    expect(readFileSync(join(folder, "words"), "utf8")).toBe("-m fovea_runtime.weights\n");
    const asked = request(0);
    expect(asked).toMatchObject({
      do: "import",
      from: source,
      format: "slak",
      out,
      classes: 10,
      average: true,
      package: expect.stringMatching(/\/convnext_tiny$/),
    });
    expect(asked.known.map(({ name }: { name: string }) => name)).toContain("replknet_xl");
    expect(existsSync(asked.package)).toBe(false);
    expect(outcome.stdout).toBe(
      [
        "slak_tiny: 470 tensors, 49,714,828 parameters (slak) in out.safetensors",
        "  470 float16 tensors are cast to float32, exactly",
        "  the classifier is fresh: 10 classes, drawn with seed 0",
        "  left out: head.weight (1000, 998), optimizer",
        "",
      ].join("\n"),
    );
  });

  test("--json prints Python's report", async () => {
    pythonThat([REPORT]);
    const outcome = await importSlak("--network", "convnext_tiny", "--json");
    expect(outcome.json()).toEqual(REPORT);
    expect(request(0)).toMatchObject({ classes: null, average: false });
  });

  test("without --network Python says which shipped network it is", async () => {
    pythonThat([{ network: "convnext_tiny" }, REPORT]);
    expect((await importSlak()).exit).toBe(0);
    expect(request(0)).toMatchObject({ do: "recognise", from: source, format: "slak" });
    expect(request(1).package).toMatch(/\/convnext_tiny$/);
  });

  test("a generated package is taken as it is", async () => {
    pythonThat([REPORT]);
    const generated = join(packageRoot, "generated/slak_tiny");
    expect((await importSlak("--network", generated)).exit).toBe(0);
    expect(request(0).package).toBe(generated);
  });

  test("an export may be a .pth", async () => {
    pythonThat([REPORT]);
    const outcome = await runCommand(weights, [
      ...["weights", "export", "--from", source, "--network", "convnext_tiny"],
      ...["--format", "timm", "--out", join(folder, "theirs.pth")],
    ]);
    expect(outcome.exit).toBe(0);
    expect(request(0)).toMatchObject({ do: "export", out: join(folder, "theirs.pth") });
  });

  test("a mistake is told with a line a key, and its fix at the end", async () => {
    const error = {
      code: "FOV0082",
      message: "slak.pth does not fit slak_tiny: 1 missing, 1 extra",
      list: ["missing: norm.bias (998)", "extra: evil\u001b[2J (1)"],
      value: "slak.pth",
      fix: "did you mean --network slak_small?",
    };
    pythonThat([{ error }, { error }], 2);
    const outcome = await importSlak("--network", "convnext_tiny");
    expect(outcome.exit).toBe(2);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr.trimEnd().split("\n")).toEqual([
      "error FOV0082: slak.pth does not fit slak_tiny: 1 missing, 1 extra",
      "  missing: norm.bias (998)",
      "  extra: evil\\x1b[2J (1)",
      '  value   "slak.pth"',
      "  fix     did you mean --network slak_small?",
    ]);
    expect((await importSlak("--network", "convnext_tiny", "--json")).json()).toMatchObject({
      error: { code: "FOV0082", message: [error.message, ...error.list].join("\n") },
    });
  });

  test.each([
    ["ModuleNotFoundError: No module named 'torch'", "FOV0060", 2],
    ["MemoryError", "FOV0090", 1],
  ])("a Python that fails is told: %s", async (said, code, exit) => {
    pythonThat([], 1, said);
    const outcome = await importSlak("--network", "convnext_tiny");
    expect(outcome.exit).toBe(exit);
    expect(outcome.stderr).toContain(`error ${code}: Python failed at the weights: ${said}`);
  });
});

describe("mistakes that no Python is started for", () => {
  beforeEach(() => pythonThat([REPORT]));
  afterEach(() => expect(existsSync(join(folder, "request0"))).toBe(false));

  test.each<[string, (words: string[]) => string[], string, string]>([
    [
      "no file",
      (words) => [...words, "--from", "absent.pth"],
      "absent.pth",
      "there is no such file",
    ],
    [
      "a file below a file",
      (words) => [...words, "--from", join(source, "slak.pth")],
      "slak.pth/slak.pth",
      "there is no such file",
    ],
    [
      "a name that no disk takes",
      (words) => [...words, "--from", `${"a".repeat(300)}.pth`],
      "aaa.pth",
      "the name is too long",
    ],
    ["no ordinary file", (words) => [...words, "--from", "/dev/null"], "/dev/null", "no ordinary"],
    ["a folder", (words) => [...words, "--from", "."], "--from .", "this is a folder, not a file"],
    ["another ending", (words) => [...words, "--out", "a.pth"], "--out a.pth", ".safetensors"],
    ["a folder to write", (words) => [...words, "--out", "b/"], "--out b/", "a folder"],
    ["no classes", (words) => [...words, "--classes", "0"], "--classes 0", "1 to 1000000"],
    [
      "a network that is none",
      (words) => [...words, "--network", "slak_tny"],
      "slak_tny",
      "slak_tiny",
    ],
  ])("%s", async (_, change, ...told) => {
    const outcome = await importSlak(...change([]));
    expect(outcome.exit).toBe(2);
    for (const words of told) expect(outcome.stderr).toContain(words);
  });

  test("the checkpoint is not written over", async () => {
    const file = join(folder, "a.safetensors");
    writeFileSync(file, "weights");
    const outcome = await importSlak("--from", file, "--out", file);
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain("this is the checkpoint itself");
    expect(readFileSync(file, "utf8")).toBe("weights");
  });

  test("a file with several networks, or a kernel file", async () => {
    const file = join(folder, "two.ts");
    writeFileSync(
      file,
      `import { convnext } from "fovea";
export default [convnext("tiny", { name: "one" }), convnext("tiny", { name: "two" })];`,
    );
    const several = await importSlak("--network", file);
    expect(several.exit).toBe(2);
    expect(several.stderr).toContain("a file with one network (it has one, two)");
    writeFileSync(join(folder, "kernel.py"), "");
    const kernel = await importSlak("--network", join(folder, "kernel.py"));
    expect(kernel.exit).toBe(2);
    expect(kernel.stderr).toContain("this is a kernel file");
  });
});

/** What the checkout's Python does. */
describe("with a real Python", () => {
  test("a checkpoint of timm's goes in by itself and comes out again", async () => {
    const { execa } = await import("execa");
    const { findPython } = await import("../../src/launch/python.js");
    const python = findPython(packageRoot).command;
    vi.stubEnv("FOVEA_PYTHON", python);
    const make = `
import sys, timm, torch
torch.manual_seed(1)
torch.save(timm.create_model("convnext_tiny").state_dict(), sys.argv[1])`;
    await execa(python, ["-c", make, source]);
    const read = await runCommand(weights, [
      ...["weights", "import", "--from", source, "--format", "timm", "--out", out, "--json"],
    ]);
    expect(read.stderr).toBe("");
    expect(read.json()).toMatchObject({
      network: "convnext_tiny",
      classifier: "imported",
      parameters: 28_589_128,
      tensors: 182,
      left_out: [],
    });
    const back = join(folder, "back.pth");
    const written = await runCommand(weights, [
      ...["weights", "export", "--from", out, "--network", "convnext_tiny"],
      ...["--format", "timm", "--out", back],
    ]);
    expect(written.exit).toBe(0);
    const compare = `
import sys, torch
a, b = (torch.load(path, weights_only=True) for path in sys.argv[1:])
print(list(a) == list(b) and all(torch.equal(a[k], b[k]) for k in a))`;
    expect((await execa(python, ["-c", compare, source, back])).stdout).toBe("True");
    const wrong = await runCommand(weights, [
      ...["weights", "import", "--from", source, "--format", "convnext"],
      ...["--network", "convnext_tiny", "--out", join(folder, "new", "wrong.safetensors")],
    ]);
    expect(wrong.exit).toBe(2);
    expect(wrong.stderr).toContain("write --format timm --network convnext_tiny");
    expect(existsSync(join(folder, "new"))).toBe(false);
  }, 300_000);
});

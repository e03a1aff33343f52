import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import * as retarget from "../../src/cli/commands/retarget.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { RetargetDocument } from "../../src/ir/retarget.js";
import { findPython } from "../../src/launch/python.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const TEXT = `import { classifier, dense, network, peripheral, stem } from "fovea";

const SIDES = [21, 11] as const; // taps

export default network("mine", {
  input: { channels: 3, size: 64 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1, 1],
  widths: [8, 16],
  mixers: [
    peripheral({ kernel: SIDES[0], centre: 5 }),
    peripheral({ kernel: SIDES[1], centre: 5 }),
  ],
  head: classifier(10),
});
`;
const TO_23 = TEXT.replace("[21, 11]", "[23, 11]");

let folder: string;
let file: string;
const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const text = (name = "my.arch.ts") => readFileSync(join(folder, name), "utf8");
const run = (...words: string[]) => runCommand(retarget, ["retarget", ...words]);
const emit = () => runCommand(generate, ["generate", file, "--out", join(folder, "generated")]);
const drift = async () =>
  (await runCommand(generate, ["generate", file, "--out", join(folder, "generated"), "--check"]))
    .exit;

beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "my.arch.ts");
  write("package.json", "{}");
  write("my.arch.ts", TEXT);
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  vi.stubEnv("FOVEA_HOME", join(folder, ".fovea"));
});

describe("without --write", () => {
  test("shows the change, its place and the card, and writes nothing", async () => {
    const { exit, stdout, stderr } = await run(file, "--kernels", "23,-");
    expect(exit).toBe(0);
    expect(stdout).toContain("--- my.arch.ts (now)");
    expect(stdout).toContain("-const SIDES = [21, 11] as const; // taps");
    expect(stdout).toContain("+const SIDES = [23, 11] as const; // taps");
    expect(stdout).toContain("mixers[0].kernel  21 → 23  my.arch.ts:3:16, the constant SIDES");
    expect(stdout).toContain("21×21 → 23×23");
    expect(stdout).toMatch(/21×21: .*23×23: /);
    expect(stdout).toContain("predictions of the cost model");
    expect(stdout).not.toContain("+0.0%");
    expect(stderr).toContain("--write");
    expect(text()).toBe(TEXT);
    expect(readdirSync(folder).sort()).toEqual(["my.arch.ts", "package.json"]);
  });

  test("--json is one document with the figures that inspect has", async () => {
    const { json } = await run(file, "--stage", "0=23", "--json", "--target", "cpu");
    const document = RetargetDocument.parse(json());
    expect(document).toMatchObject({
      file,
      network: "mine",
      written: false,
      package: null,
      changes: [{ path: "mixers[0].kernel", from: "21", to: "23", location: { line: 3 } }],
      comparison: { target: "cpu", dtype: "fp32", batch: 4 },
    });
    const { params, stages } = document.comparison;
    // Both have the same cells, so that only the embedding differs: a bias a dense tap and channel,
    // of 8 channels 3/8.
    expect(stages.map(({ changed }) => changed)).toEqual([true, false]);
    expect(params.after - params.before).toBe(3 * (23 * 23 - 21 * 21));
  });

  test("warns of a thin last cell with exact sizes, and of what is beyond the map", async () => {
    const { stdout } = await run(file, "--kernels", "35,21");
    expect(stdout).toContain("one tap wide");
    expect(stdout).toContain("33 and 65 fill exactly");
    expect(stdout).toMatch(/on a map of 8×8 only the inner 15×15 taps of the 21×21 kernel/);
  });

  test("says that a network is so already", async () => {
    const { exit, stdout } = await run(file, "--kernels", "21,11", "--write", "--no-verify");
    expect([exit, stdout]).toEqual([0, "mine is so already: nothing changes\n"]);
    expect(existsSync(join(folder, ".fovea"))).toBe(false);
  });

  test("shows what a shipped network would be", async () => {
    const { exit, stdout } = await run("pelk_tiny", "--kernels", "61,-,-,-");
    expect(exit).toBe(0);
    expect(stdout).toContain("51×51 → 61×61");
    const refused = await run("pelk_tiny", "--kernels", "61,-,-,-", "--write");
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain('export default pelk("tiny")');
  });
});

describe("--write", () => {
  test("changes the file, regenerates only what differs, and is taken back byte by byte", async () => {
    await emit();
    const kernel = join(folder, "generated/mine/kernels/peripheral_11x11_c5.py");
    const { ino } = statSync(kernel);
    chmodSync(file, 0o640);
    const { exit, json } = await run(file, "--kernels", "23,-", "--write", "--no-verify", "--json");
    expect(exit).toBe(0);
    const document = RetargetDocument.parse(json());
    expect(document.written).toBe(true);
    expect(document.package?.dir).toBe(join(folder, "generated/mine"));
    const status = Object.fromEntries(
      document.package?.files.map(({ path, status }) => [path, status]) ?? [],
    );
    expect(status).toMatchObject({
      "kernels/peripheral_11x11_c5.py": "unchanged",
      "kernels/peripheral_21x21_c5.py": "extra",
      "kernels/peripheral_23x23_c5.py": "missing",
    });
    expect(statSync(kernel).ino).toBe(ino);
    expect(text()).toBe(TO_23);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(await drift()).toBe(0);

    const undone = await run(file, "--undo");
    expect(undone.exit).toBe(0);
    expect(text()).toBe(TEXT);
    expect(await drift()).toBe(0);
    expect((await run(file, "--undo")).stderr).toContain("FOV0174");
  });

  test("keeps CRLF and a byte order mark, and writes several files", async () => {
    const dos = (each: string) => `\ufeff${each.replaceAll("\n", "\r\n")}`;
    const main = TEXT.replace(
      "const SIDES = [21, 11] as const; // taps",
      'import { A, B } from "./sides";\nconst SIDES = [A, B] as const;',
    );
    write("my.arch.ts", dos(main));
    write("sides.ts", dos("export const A = 21; // a\nexport const B = 11;\n"));
    await run(file, "--kernels", "23,13", "--write", "--no-verify");
    expect(text("sides.ts")).toBe(dos("export const A = 23; // a\nexport const B = 13;\n"));
    expect(text()).toBe(dos(main));
    await run(file, "--undo");
    expect(text("sides.ts")).toBe(dos("export const A = 21; // a\nexport const B = 11;\n"));
  });

  test("several writes are taken back one by one, the package with them", async () => {
    for (const side of ["23", "25"]) {
      expect((await run(file, "--stage", `0=${side}`, "--write", "--no-verify")).exit).toBe(0);
    }
    const own = join(folder, ".fovea/retarget/generated/mine");
    expect(existsSync(join(own, "kernels/peripheral_25x25_c5.py"))).toBe(true);
    await run(file, "--undo");
    expect(text()).toBe(TO_23);
    expect(existsSync(join(own, "kernels/peripheral_23x23_c5.py"))).toBe(true);
    await run(file, "--undo");
    expect(text()).toBe(TEXT);
    expect(existsSync(own)).toBe(false);
  });

  test("what was changed since is not lost unasked", async () => {
    await run(file, "--stage", "0=23", "--write", "--no-verify");
    write("my.arch.ts", `${TO_23}// mine\n`);
    const { exit, stderr } = await run(file, "--undo");
    expect(exit).toBe(2);
    expect(stderr).toContain("+// mine");
    expect(text()).toContain("// mine");
    expect((await run(file, "--undo", "--force")).exit).toBe(0);
    expect(text()).toBe(TEXT);
  });

  test("files of the user's in a new package's folder stay, and the index forgets the package", async () => {
    write("own/mine/notes.txt", "mine");
    const out = join(folder, "own");
    await run(file, "--stage", "0=23", "--write", "--no-verify", "--out", out);
    expect(text("own/index.ts")).toContain("mine");
    expect((await run(file, "--undo")).exit).toBe(0);
    expect(readdirSync(join(out, "mine"))).toEqual(["notes.txt"]);
    expect(existsSync(join(out, "index.ts"))).toBe(false);
    expect(text()).toBe(TEXT);
  });

  test("packages of the file's other networks follow the lines that moved", async () => {
    const two = `import { convnext, pelk } from "fovea";
const mine = pelk("tiny", { name: "mine" });
const other = convnext("tiny", { name: "other" });
export default [mine, other];
`;
    write("my.arch.ts", two);
    await emit();
    const before = text("generated/other/model.py");
    const words = ["--network", "mine", "--stage", "3=11", "--write", "--no-verify"];
    expect((await run(file, ...words)).exit).toBe(0);
    expect(text("generated/other/model.py")).not.toBe(before);
    expect(await drift()).toBe(0);
    expect((await run(file, "--undo")).exit).toBe(0);
    expect(text("generated/other/model.py")).toBe(before);
    expect(await drift()).toBe(0);
  });

  test("what was taken back by other means is no change, and a file that is gone comes back with --force", async () => {
    await run(file, "--stage", "0=23", "--write", "--no-verify");
    await run(file, "--stage", "0=25", "--write", "--no-verify");
    write("my.arch.ts", TO_23);
    expect((await run(file, "--undo")).exit).toBe(0);
    expect(text()).toBe(TO_23);

    write(
      "my.arch.ts",
      TEXT.replace(
        "const SIDES = [21, 11] as const; // taps",
        'import { A } from "./sides";\nconst SIDES = [A, 11] as const;',
      ),
    );
    write("sides.ts", "export const A = 21;\n");
    await run(file, "--stage", "0=23", "--write", "--no-verify");
    rmSync(join(folder, "sides.ts"));
    const gone = await run(file, "--undo");
    expect([gone.exit, gone.stderr.includes("FOV0174")]).toEqual([2, true]);
    expect((await run(file, "--undo", "--force")).exit).toBe(0);
    expect(text("sides.ts")).toBe("export const A = 21;\n");
  });

  test("a file that is not UTF-8 is refused before anything is written", async () => {
    const latin = Buffer.from(`// gr\u00f6\u00dfe\n${TEXT}`, "latin1");
    writeFileSync(file, latin);
    const { exit, stderr } = await run(file, "--stage", "0=23", "--write", "--no-verify");
    expect([exit, stderr.includes("not UTF-8")]).toEqual([2, true]);
    expect(readFileSync(file)).toEqual(latin);
  });

  test("a package edited by hand stops it before anything is written", async () => {
    await emit();
    const model = join(folder, "generated/mine/model.py");
    writeFileSync(model, `${readFileSync(model, "utf8")}# mine\n`);
    const { exit, stderr } = await run(file, "--stage", "0=23", "--write", "--no-verify");
    expect(exit).toBe(1);
    expect(stderr).toContain("FOV0052");
    expect(stderr).toContain("+# mine");
    expect(stderr).not.toContain("23");
    expect(text()).toBe(TEXT);
    expect(existsSync(join(folder, ".fovea"))).toBe(false);
    expect((await run(file, "--stage", "0=23", "--write", "--no-verify", "--force")).exit).toBe(0);
    expect(await drift()).toBe(0);
  });

  test("a file outside the project and a read-only one are refused before anything is written", async () => {
    const outside = join(temporaryFolder(), "sides.ts");
    writeFileSync(outside, "export const A = 21;\n");
    write(
      "my.arch.ts",
      TEXT.replace(
        "const SIDES = [21, 11] as const; // taps",
        `import { A } from "${outside}";\nconst SIDES = [A, 11] as const;`,
      ),
    );
    const far = await run(file, "--stage", "0=23", "--write", "--no-verify");
    expect([far.exit, readFileSync(outside, "utf8")]).toEqual([2, "export const A = 21;\n"]);
    expect(far.stderr).toContain("outside the project");

    write("my.arch.ts", TEXT);
    chmodSync(file, 0o444);
    const fixed = await run(file, "--stage", "0=23", "--write", "--no-verify");
    expect([fixed.exit, text()]).toEqual([2, TEXT]);
    expect(fixed.stderr).toContain("read-only");
  });

  test("without a Python nothing is written, and --no-verify is named", async () => {
    vi.stubEnv("FOVEA_PYTHON", join(folder, "none"));
    const { exit, stderr } = await run(file, "--stage", "0=23", "--write");
    expect(exit).toBe(2);
    expect(stderr).toContain("FOV0060");
    expect(stderr).toContain("--no-verify");
    expect(text()).toBe(TEXT);
  });

  test("a kernel that does not hold puts everything back", async () => {
    vi.stubEnv("FOVEA_PYTHON", join(packageRoot, "test/support/fake-python.mjs"));
    vi.stubEnv("FAKE_TRAINING", "verify-fails");
    await emit();
    const { exit, stderr } = await run(file, "--stage", "0=23", "--write", "--device", "cpu");
    expect(exit).toBe(1);
    expect(stderr).toContain("FOV0061");
    expect(text()).toBe(TEXT);
    expect(await drift()).toBe(0);
    expect((await run(file, "--undo")).stderr).toContain("FOV0174");
  });

  test("verifies and times the kernels that the package then has", {
    timeout: 300_000,
  }, async () => {
    vi.stubEnv("FOVEA_PYTHON", findPython(packageRoot, {}).command);
    write("my.arch.ts", TEXT.replace("[21, 11]", "[7, 5]"));
    const { exit, json, stderr } = await run(
      file,
      "--stage",
      "0=9",
      "--write",
      "--bench",
      "--device",
      "cpu",
      "--json",
    );
    expect([exit, stderr.includes("error")]).toEqual([0, false]);
    const { certificates, bench } = RetargetDocument.parse(json());
    const names = (of: unknown) =>
      (of as { kernels: { kernel: string }[] }).kernels.map(({ kernel }) => kernel).sort();
    expect(names(certificates)).toEqual(
      ["peripheral_5x5_c5", "peripheral_9x9_c5"].map((name) =>
        expect.stringMatching(new RegExp(name.slice(-6, -3))),
      ),
    );
    expect(names(bench)).toHaveLength(2);
  });
});

describe("what cannot be", () => {
  const refused: [string, string[], number, RegExp][] = [
    ["nothing asked", [], 2, /nothing is asked for/],
    ["an even side", ["--kernels", "22,11"], 2, /FOV0010.*22 is even[\s\S]*21 or 23/],
    ["an even side of a stage", ["--stage", "0=22"], 2, /FOV0010/],
    ["an even centre", ["--centre", "4"], 2, /FOV0011/],
    ["a side over the limit", ["--stage", "0=1025"], 2, /1023/],
    ["a stage that is not there", ["--stage", "2=21"], 2, /FOV0170.*no stage 2[\s\S]*stages 0, 1/],
    [
      "another number of kernels",
      ["--kernels", "21"],
      2,
      /FOV0020.*1 kernel, and mine has 2 stages/,
    ],
    ["a rectangle too few", ["--kernels", "21x23"], 2, /write --kernels 21x23,-/],
    ["a stage twice", ["--stage", "0=23", "--stage", "0=25"], 2, /stage 0 is given twice/],
    ["a stage in both", ["--stage", "0=23", "--kernels", "25,-"], 2, /stage 0 is given twice/],
    ["a stage in words", ["--stage", "first"], 2, /STAGE=/],
    ["a centre wider than a kernel", ["--centre", "13"], 2, /FOV0011.*stage 1/],
    ["cells of an even sum", ["--grid", "0=2,2"], 2, /FOV0012/],
    ["an image too small", ["--resolution", "4"], 2, /FOV0021/],
    ["a network that is not there", ["--stage", "0=23", "--network", "min"], 2, /--network mine/],
    ["sizes to take back", ["--undo", "--stage", "0=23"], 2, /asks for no sizes/],
    ["both ways at once", ["--undo", "--write"], 2, /leave out one/],
    ["a benchmark of nothing", ["--stage", "0=23", "--bench"], 2, /add --write/],
    ["no folder", ["--stage", "0=23", "--write", "--out", ""], 2, /names no folder/],
  ];
  test.each(refused)("%s", async (_, words, code, said) => {
    const { exit, stderr, stdout } = await run(file, ...words);
    expect([exit, stdout]).toEqual([code, ""]);
    expect(stderr).toMatch(said);
    expect(text()).toBe(TEXT);
  });

  test("a syntax error is told at its place", async () => {
    write("my.arch.ts", "export default network(;\n");
    const { exit, stderr } = await run(file, "--stage", "0=23");
    expect(exit).toBe(2);
    expect(stderr).toMatch(/my\.arch\.ts:1:2\d/);
  });

  test("a kernel for an explicit grid asks for its cells", async () => {
    write(
      "my.arch.ts",
      TEXT.replace("dense,", "grid,").replace(
        "peripheral({ kernel: SIDES[0], centre: 5 })",
        "grid({ cells: [2, 1, 2] })",
      ),
    );
    const { exit, stderr } = await run(file, "--stage", "0=23");
    expect(exit).toBe(2);
    expect(stderr).toContain("--grid 0=2,1,2");
    const { stdout } = await run(file, "--grid", "0=4,2,1,2,4");
    expect(stdout).toContain("+    grid({ cells: [4, 2, 1, 2, 4] }),");
  });
});

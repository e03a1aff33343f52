import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const HELPER = `import { peripheral } from "fovea";

export const large = () => peripheral({ kernel: 21, centre: 5 });
`;
const FRAME = `input: { channels: 3, size: 64 }, stem: stem.patchify({ stride: 4 }), head: classifier(10),`;
const DECLARATION = `import { classifier, dense, network, stem } from "fovea";
import { large } from "./lib/sizes.js";

const small = dense({ kernel: 7 });
export default network("net", {
  ${FRAME}
  depths: [1, 1, 1],
  widths: [8, 16, 16],
  mixers: [
    large(),
    small,
    dense({
      kernel: 5,
    }),
  ],
});
`;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "lib/sizes.ts"), HELPER);
  writeFileSync(join(folder, "my.arch.ts"), DECLARATION);
});

const run = (file: string, out: string, ...words: string[]) =>
  runCommand(generate, ["generate", file, "--out", out, ...words]);
const model = (out: string, name = "net") => readFileSync(join(out, name, "model.py"), "utf8");
/** Each \`# src:\` line with the line after it. */
const sources = (code: string): string[] =>
  [...code.matchAll(/^ *# src: (.*)\n *(.*)$/gm)].map(([, place, next]) => `${place} ${next}`);

describe("the line of a stage's mixer", () => {
  test("stands above the stage, with the base name of its file", async () => {
    const out = join(folder, "out");
    await run(join(folder, "my.arch.ts"), out);
    expect(sources(model(out))).toEqual([
      "sizes.ts:3 BiasStage(",
      "my.arch.ts:4 Stage(",
      "my.arch.ts:12 Stage(",
    ]);
  });

  test("is the same from any folder and for any --out", async () => {
    const [first, second] = [join(folder, "a b/out"), join(folder, "second")];
    await run(join(folder, "my.arch.ts"), first);
    await run(relative(process.cwd(), join(folder, "my.arch.ts")), second);
    expect(model(second)).toBe(model(first));
  });

  test("stands once where all stages are of one call", async () => {
    const file = join(folder, "preset.arch.ts");
    writeFileSync(
      file,
      'import { pelk } from "fovea";\nexport default pelk("tiny", {\n  name: "preset",\n});\n',
    );
    const out = join(folder, "out");
    await run(file, out);
    expect(sources(model(out, "preset"))).toEqual([
      "preset.arch.ts:2 self.stages = nn.Sequential(",
    ]);
  });

  test("is missing for what is shipped, and for what an axis of a sweep changed", async () => {
    const out = join(folder, "out");
    await run("pelk_digits", out);
    expect(sources(model(out, "pelk_digits"))).toEqual([]);
  });
});

describe("--check names the command that puts it right", () => {
  const EXPERIMENT = `import { digits, experiment, sweep } from "fovea";
import net from "./my.arch.js";
const base = experiment({ name: "e", network: net, task: "classification",
  data: digits({ train: 20, test: 20 }), recipe: { steps: 1 }, seed: 0 });
`;

  test.each([
    ["an experiment", "my.experiment.ts", `${EXPERIMENT}export default base;\n`],
    [
      "a sweep",
      "my sweep's.ts",
      `${EXPERIMENT}export default sweep({ base, over: { "recipe.lr": [0.1, 0.2] }, seeds: [1] });\n`,
    ],
  ])("for %s, in a folder with blanks", async (_, name, text) => {
    const [file, out] = [join(folder, name), join(folder, "the out")];
    writeFileSync(file, text);
    const { exit, stderr } = await run(file, out, "--check");
    expect(exit).toBe(1);
    const line = /^to put it right: fovea (.*)$/m.exec(stderr)?.[1] ?? "";
    const shell = spawnSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" });
    const words = shell.stdout.trimEnd().split("\n");
    expect(words).toEqual(["generate", file, "--out", out]);
    expect((await runCommand(generate, words)).exit).toBe(0);
    expect((await run(file, out, "--check")).exit).toBe(0);
  });

  test("with the table that it was checked against", async () => {
    const table = join(folder, "tuned table.json");
    writeFileSync(table, JSON.stringify({ v: 1, device: "x", versions: {}, entries: [] }));
    const { stderr } = await run(
      join(folder, "my.arch.ts"),
      join(folder, "out"),
      "--check",
      "--tuned",
      table,
    );
    expect(stderr).toContain(` --out ${join(folder, "out")} --tuned '${table}'\n`);
  });
});

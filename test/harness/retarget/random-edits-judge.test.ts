import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fixedProgram } from "../../support/programs/fixed.js";
import { sourcesOf, writeProgram } from "../../support/programs/folders.js";
import { judge } from "../../support/programs/judge.js";
import type { Request } from "../../support/programs/requests.js";
import { folderOf } from "../../support/programs/state.js";
import { typeMistakes } from "../../support/programs/type-check.js";
import { temporaryFolder } from "../../support/temporary.js";

const REQUEST: Request = {
  network: "one",
  wishes: { stages: [{ kernel: [61, 61] }] },
  override: false,
  split: false,
};
const RIGHT = ["SIDE = 51", "SIDE = 61"] as const;

/** What the judge says of texts that were replaced in a file, after the edit that is right. */
async function judged(
  replacements: readonly (readonly [string | RegExp, string])[],
  { file = "main.ts", writtenOut = false } = {},
): Promise<readonly string[]> {
  const program = fixedProgram;
  const folder = temporaryFolder();
  writeProgram(folder, program);
  const before = await folderOf(folder, program);
  const change = (name: string, pairs: typeof replacements) => {
    let text = program.files.get(name) ?? "";
    for (const [from, to] of pairs) text = text.replace(from, to);
    writeFileSync(join(folder, name), text);
  };
  change("main.ts", file === "main.ts" ? replacements : [RIGHT]);
  if (file !== "main.ts") change(file, replacements);
  const after = await folderOf(folder, program);
  const edited = new Set(["main.ts"]);
  return judge(before, after, { program, request: REQUEST, edited, writtenOut });
}

describe("the judge of random edits", () => {
  test("takes the edit that is right", async () => {
    expect(await judged([RIGHT])).toEqual([]);
  });

  test.each([
    ["no edit", [], /one\.mixers/],
    ["another size", [["SIDE = 51", "SIDE = 59"]], /one\.mixers/],
    ["another network's size too", [RIGHT, ["kernel: 13", "kernel: 15"]], /two\.mixers/],
    ["another option", [RIGHT, ["stride: 4", "stride: 2"]], /one\.stem/],
    ["what is exported beside the networks", [RIGHT, ["[51]", "[61]"]], /beside the networks/],
    [
      "a network more",
      [RIGHT, ["[one, two]", '[one, two, network("three", two)]']],
      /more or fewer/,
    ],
    ["a comment that is gone", [RIGHT, ["// What is tried\n", ""]], /comments are gone: \/\/ What/],
    ["a comment beside the value", [RIGHT, [" /* taps */", ""]], /comments are gone: \/\* taps/],
    ["lines that end otherwise", [RIGHT, [/\n/, "\r\n"]], /lines end otherwise/],
    ["a mark at the begin", [RIGHT, ["import", "\ufeffimport"]], /mark/],
  ] as const)("does not take %s", async (_, replacements, mistake) => {
    expect((await judged(replacements)).join("\n")).toMatch(mistake);
  });

  test("does not take a type that no longer fits", () => {
    const folder = temporaryFolder();
    writeProgram(folder, fixedProgram);
    const files = sourcesOf(folder, fixedProgram);
    writeFileSync(join(folder, "other.ts"), "export const other: 51 = 61;\n");
    const mistakes = [...typeMistakes(files).values()];
    expect(mistakes).toEqual([[], ["Type '61' is not assignable to type '51'."]]);
  });

  test("does not take a file that no edit names", async () => {
    const mistakes = await judged([["other = 51", "other = 61"]], { file: "other.ts" });
    expect(mistakes).toEqual(["other.ts: changed, and no edit names it"]);
  });

  test("takes comments that went with what was written out", async () => {
    expect(await judged([RIGHT, [" /* taps */", ""]], { writtenOut: true })).toEqual([]);
  });
});

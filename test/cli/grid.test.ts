import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as grid from "../../src/cli/commands/grid.js";
import { gridSvg } from "../../src/report/grid-svg.js";
import { runCommand } from "../support/command.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-grid-"));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (...words: string[]) => runCommand(grid, ["grid", ...words]);

const FIFTY_ONE = [9, 8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8, 9];

describe("fovea grid --json", () => {
  test("prints one document with the contract's fields", async () => {
    const { exit, json, stderr } = await run("--kernel", "51", "--centre", "5", "--json");
    expect(exit).toBe(0);
    expect(stderr).toBe("");
    expect(json()).toEqual({
      kernel: [51, 51],
      rows: FIFTY_ONE,
      columns: FIFTY_ONE,
      parameters: 169,
      dense: 2601,
      share: 169 / 2601,
    });
  });

  test.each<[string[], object]>([
    [["--kernel", "51x13", "--centre", "5"], { kernel: [51, 13], parameters: 117, dense: 663 }],
    [["--kernel", "69", "--centre", "7"], { parameters: 289 }],
    [["--kernel", "69", "--centre", "7", "--remainder", "merge"], { parameters: 225 }],
    [["--kernel", "69", "--centre", "7", "--remainder", "own"], { parameters: 289 }],
    [["--kernel", "51x5", "--dense"], { kernel: [51, 5], parameters: 255, share: 1 }],
    [["--kernel", "5", "--centre", "5"], { rows: [1, 1, 1, 1, 1], parameters: 25 }],
    [["--kernel", "1", "--centre", "1"], { rows: [1], share: 1 }],
    [["--kernel", "1023", "--centre", "1"], { kernel: [1023, 1023] }],
    [
      ["--kernel", "51", "--centre", "5", "--base", "4"],
      { rows: [3, 16, 4, 1, 1, 1, 1, 1, 4, 16, 3] },
    ],
    [["--cells", "8,4,2,1,2,4,8"], { kernel: [29, 29], columns: [8, 4, 2, 1, 2, 4, 8] }],
    [["--cells", "2,1,2", "--kernel", "5"], { kernel: [5, 5], parameters: 9 }],
    [["--rows", "1,1,3", "--columns", "7"], { rows: [1, 1, 3], columns: [7], parameters: 3 }],
    [["--rows", "2,1,2", "--columns", "3", "--kernel", "5x3"], { kernel: [5, 3] }],
  ])("%j", async (words, fields) => {
    const { exit, json } = await run(...words, "--json");
    expect(exit).toBe(0);
    expect(json()).toMatchObject(fields);
  });
});

describe("wrong values are named as they were written", () => {
  const kernels = [
    "50",
    "0",
    "-5",
    "51.5",
    "NaN",
    "1e9",
    "Infinity",
    "1025",
    "999999999999999999999",
    "+51",
    "051",
    " 51",
    "0x33",
    "٥١",
    "51x",
    "x51",
    "51x50",
    "51x51x51",
    "51,51",
    "fifty",
  ];
  test.each<[string, string[]]>([
    ...kernels.map((word): [string, string[]] => [word, ["--kernel", word, "--centre", "5"]]),
    ...["4", "0", "-1", "2.5", "NaN", "53", "five", "5x5"].map((word): [string, string[]] => [
      word,
      ["--kernel", "51", "--centre", word],
    ]),
    ["7", ["--kernel", "51x5", "--centre", "7"]],
    ...["1,1", "1,,1", ",1", "1,0,1", "1,-1,1", "1.5,1,1.5", "a,b", "1;1;1", "1000,1,1000"].map(
      (word): [string, string[]] => [word, ["--cells", word]],
    ),
    ["53", ["--kernel", "53", "--cells", "8,4,2,1,2,4,8"]],
    ["29x31", ["--kernel", "29x31", "--cells", "8,4,2,1,2,4,8"]],
    ["2,2", ["--rows", "2,2", "--columns", "1"]],
    ["1,2,1", ["--rows", "1", "--columns", "1,2,1"]],
    ["join", ["--kernel", "51", "--centre", "5", "--remainder", "join"]],
    ["1", ["--kernel", "51", "--centre", "5", "--base", "1"]],
  ])("%s", async (word, words) => {
    const { exit, stdout, stderr } = await run(...words);
    expect(stderr).toContain(word);
    expect(stdout).toBe("");
    expect(exit).toBe(2);
    const document = (await run(...words, "--json")).json();
    expect(document).toMatchObject({ error: { value: word, code: expect.stringMatching(/^FOV/) } });
  });

  test.each([["--kernel"], ["--centre"], ["--cells"], ["--rows"], ["--svg"]])(
    "an empty %s",
    async (option) => {
      const beside: Record<string, string[]> = {
        "--centre": ["--kernel", "51"],
        "--kernel": ["--centre", "5"],
        "--rows": ["--columns", "1"],
        "--svg": ["--kernel", "51", "--centre", "5"],
      };
      const { exit, stdout, stderr } = await run(option, "", ...(beside[option] ?? []));
      expect([exit, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`${option} ""`);
    },
  );
});

describe("options that do not go together, or are missing", () => {
  test.each<[string[], string]>([
    [[], "--kernel"],
    [["--centre", "5"], "--kernel"],
    [["--kernel", "51"], "--centre"],
    [["--kernel", "51x5"], "--dense"],
    [["--rows", "1,1,1"], "--columns"],
    [["--columns", "1,1,1"], "--rows"],
    [["--cells", "1", "--rows", "1"], "--rows 1 cannot be combined with --cells"],
    [["--cells", "1", "--rows", "1", "--columns", "1"], "--cells"],
    [["--cells", "1", "--centre", "1"], "--centre"],
    [["--cells", "1", "--dense"], "--dense"],
    [["--rows", "1", "--columns", "1", "--remainder", "own"], "--remainder"],
    [["--kernel", "51", "--dense", "--centre", "5"], "--centre 5 cannot be combined with --dense"],
    [["--kernel", "51", "--dense", "--base", "2"], "--base"],
  ])("%j", async (words, named) => {
    const { exit, stdout, stderr } = await run(...words);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(named);
  });

  test("junk is refused by commander", async () => {
    const cell = ["--kernel", "51", "--centre", "5"];
    await expect(run(...cell, "junk")).rejects.toThrow(/too many arguments/);
    await expect(run(...cell, "--colour")).rejects.toThrow(/unknown option/);
  });
});

describe("pictures", () => {
  test("the terminal's has colour only where it is asked for", async () => {
    const words = ["grid", "--kernel", "13", "--centre", "5"];
    const plain = await runCommand(grid, words);
    expect(plain.stdout).toContain("81 a channel in place of 169 (47.9%)");
    expect(plain.stdout).not.toContain("\u001b");
    expect((await runCommand(grid, words, { color: true })).stdout).toContain("\u001b[38;5;");
  });

  test("--svg writes the picture beside either output", async () => {
    const file = join(folder, "grid.svg");
    const { exit, json } = await run("--cells", "2,1,2", "--svg", file, "--json");
    expect(exit).toBe(0);
    expect(json()).toMatchObject({ parameters: 9 });
    expect(readFileSync(file, "utf8")).toBe(gridSvg({ rows: [2, 1, 2], columns: [2, 1, 2] }));
  });

  test("nothing is written for a wrong grid, and a bad place is an error with its path", async () => {
    const file = join(folder, "never.svg");
    await run("--kernel", "50", "--centre", "5", "--svg", file);
    expect(readdirSync(folder)).not.toContain("never.svg");
    const nowhere = join(folder, "no", "such", "folder.svg");
    const { exit, stdout, stderr } = await run("--cells", "1", "--svg", nowhere);
    expect([exit, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(nowhere);
    expect(stderr).toContain("ENOENT");
  });
});

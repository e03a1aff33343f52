import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as explore from "../../src/cli/commands/explore.js";
import { runCommand } from "../support/command.js";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/explore.md"), "utf8");

test("the table is what the command prints", async () => {
  const [, words = "", shown] = /```\n\$ fovea ([^\n]+)\n(.*?)```/s.exec(PAGE) ?? [];
  const { stdout } = await runCommand(explore, words.split(" "));
  expect(stdout).toBe(shown);
});

test("a kernel of 67 with a centre of 5 has as many cells as one of 127", async () => {
  const words = ["explore", "pelk_tiny", "--kernels", "65,67,127,129", "--stage", "0", "--json"];
  const { json } = await runCommand(explore, words);
  const { stages } = json() as { stages: { sizes: { kernel: number[]; cells: number[][] }[] }[] };
  const cells = new Map(stages[0]?.sizes.map((size) => [size.kernel[0], size.cells[0]?.[0]]));
  expect(cells.get(67)).toBe(cells.get(127));
  expect(cells.get(65)).not.toBe(cells.get(67));
});

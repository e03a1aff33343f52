import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSweep } from "../../src/load/load-sweep.js";
import { project } from "../load/project.js";

const root = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(root, "docs/sweeps.md"), "utf8");
const [first = "", functions = ""] = [...PAGE.matchAll(/```ts\n(.*?)```/gs)].map(
  ([, code]) => code,
);

test("the sweep at the top loads, and where() leaves out what it says", async () => {
  const { sweep } = await loadSweep("main.ts", project({ "main.ts": first }));
  expect(sweep.points).toHaveLength((3 * 2 - 1) * 3);
});

test("the functions are ones", async () => {
  const text = first
    .replace(/ {2}over: \{.*?\n {2}\},\n/s, functions.replace(/^/gm, "  "))
    .replace(/ {2}where: .*\n/, "");
  const { sweep } = await loadSweep("main.ts", project({ "main.ts": text }));
  expect(sweep.points).toHaveLength(3 * 2 * 3);
  expect(sweep.points.at(-1)).toMatchObject({
    axes: { "recipe.batch": 128, "recipe.lr": 2e-3 },
    experiment: { network: { name: "wide", widths: [192, 384, 768, 1536] } },
  });
});

test("the ready-made ones have the runs that the table says", async () => {
  const rows = [...PAGE.matchAll(/^\| `(\S+\.sweep\.ts)` \|.*\| (\d+) \| (\d+) \|$/gm)];
  expect(rows).toHaveLength(5);
  for (const [, file = "", full, digits] of rows) {
    for (const [folder, runs] of [
      ["examples/sweeps", full],
      ["examples/sweeps/digits", digits],
    ] as const) {
      const { sweep } = await loadSweep(file, join(root, folder));
      expect(sweep.points).toHaveLength(Number(runs));
    }
  }
});

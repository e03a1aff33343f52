import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recipe } from "../../src/dsl/index.js";
import type { Recipe } from "../../src/ir/recipe.js";

const PAGE = readFileSync(new URL("../../docs/recipes.md", import.meta.url), "utf8");
const presets = recipe as unknown as Record<string, (size: string) => Recipe>;

/** Every cell of the tables of recipes: preset, sizes, option, what stands there. */
const CELLS = PAGE.split("\n\n")
  .filter((block) => block.startsWith("| option |"))
  .flatMap((block) => {
    const [head = [], , ...rows] = block
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.replaceAll("`", "").trim()));
    const sizes = rows[0] ?? [];
    return rows.slice(1).flatMap((row) =>
      head.flatMap((name, column) => {
        const text = row[column] ?? "";
        if (!(name in presets) || text === "") return [];
        return [{ name, sizes: (sizes[column] ?? "").split(", "), option: row[1] ?? "", text }];
      }),
    );
  });

function figure(made: Recipe | undefined, option: string): unknown {
  return option
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], made);
}

describe("docs/recipes.md says what the recipes hold", () => {
  test.each(CELLS)("$name $option", ({ name, sizes, option, text }) => {
    const [path = "", bySize] = option.split(" by ");
    const held = sizes.map((size) => figure(presets[name]?.(size), path));
    const told = sizes.map((_, index) =>
      JSON.parse(bySize === undefined ? text : (text.split(", ")[index] ?? "")),
    );
    expect(held).toEqual(told);
  });

  test("and of all but digits, fovea's own", () => {
    const names = new Set(CELLS.map(({ name }) => name));
    expect([...names, "digits"].sort()).toEqual(Object.keys(recipe).sort());
  });
});

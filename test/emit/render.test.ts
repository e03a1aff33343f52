import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { render } from "../../src/emit/render.js";
import { packageRoot } from "../../src/ir/package-root.js";

const templates = readdirSync(join(packageRoot, "templates"), {
  recursive: true,
  encoding: "utf8",
});

describe("render", () => {
  test("a name that the view lacks is an error", () => {
    expect(() => render("package/kernels.py", {})).toThrow(/"name" not defined/);
  });

  test("text is printed as it is, and never taken for a template", () => {
    const text = '<&> "{{name}}" {{#if}}';
    expect(render("package/kernels.py", { name: text })).toContain(text);
  });
});

test("templates hold no arithmetic and spell no imports of their packages", () => {
  expect(templates.filter((path) => path.endsWith(".hbs")).length).toBeGreaterThan(20);
  for (const path of templates) {
    if (!path.endsWith(".hbs") || path.startsWith("kernels")) continue;
    const text = readFileSync(join(packageRoot, "templates", path), "utf8");
    const tags = text.match(/\{\{[^}]*\}\}/g) ?? [];
    for (const tag of tags)
      expect(tag, path).toMatch(
        /^\{\{~?(?:[#/>]? ?[\w@.]+(?: [\w@.]+(?:=[\w".]+)?)*|else|this)\}\}$/,
      );
    expect(text, path).not.toMatch(/^(?:import|from) /m);
  }
});

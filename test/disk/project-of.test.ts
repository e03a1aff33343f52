import { join } from "node:path";
import { expect, test } from "vitest";
import { projectOf } from "../../src/disk/project-of.js";
import { project } from "../load/project.js";

test("a project is marked, or the current folder, or the file's own", () => {
  const root = project({ "a/package.json": "{}", "a/nets/deep/x.ts": "", "b/nets/x.ts": "" });
  const at = (name: string) => join(root, name);
  expect(projectOf(at("a/nets/deep/x.ts"), at("b"))).toBe(at("a"));
  expect(projectOf(at("b/nets/x.ts"), at("b"))).toBe(at("b"));
  expect(projectOf(at("b/nets/x.ts"), at("a"))).toBe(at("b/nets"));
  expect(projectOf(at("b/nets/x.ts"), "/")).toBe(at("b/nets"));
});

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { homeDirectory } from "../../src/launch/home.js";
import { temporaryFolder } from "../support/temporary.js";

test("it is .fovea beside the nearest mark of a project", () => {
  const root = temporaryFolder();
  const inner = join(root, "a", "b");
  mkdirSync(inner, { recursive: true });
  expect(homeDirectory(inner, {})).toBe(join(inner, ".fovea"));
  writeFileSync(join(root, "package.json"), "{}");
  expect(homeDirectory(inner, {})).toBe(join(root, ".fovea"));
  mkdirSync(join(root, "a", ".git"));
  expect(homeDirectory(inner, {})).toBe(join(root, "a", ".fovea"));
  mkdirSync(join(inner, ".fovea"));
  expect(homeDirectory(inner, {})).toBe(join(inner, ".fovea"));
});

test("FOVEA_HOME stands in its place, as seen from the working folder", () => {
  const root = temporaryFolder();
  writeFileSync(join(root, "package.json"), "{}");
  expect(homeDirectory(root, { FOVEA_HOME: "/elsewhere" })).toBe("/elsewhere");
  expect(homeDirectory(root, { FOVEA_HOME: "runs here" })).toBe(join(root, "runs here"));
  expect(homeDirectory(root, { FOVEA_HOME: "" })).toBe(join(root, ".fovea"));
  expect(readdirSync(root)).toEqual(["package.json"]);
});

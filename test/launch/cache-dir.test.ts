import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cacheDirectory } from "../../src/launch/cache-dir.js";

test("FOVEA_CACHE, else the user's cache folder", () => {
  expect(cacheDirectory({ FOVEA_CACHE: "/c", XDG_CACHE_HOME: "/x" })).toBe("/c");
  expect(cacheDirectory({ FOVEA_CACHE: "", XDG_CACHE_HOME: "/x" })).toBe("/x/fovea");
  expect(cacheDirectory({})).toBe(join(homedir(), ".cache", "fovea"));
});

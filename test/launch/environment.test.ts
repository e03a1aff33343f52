import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonEnvironment } from "../../src/launch/environment.js";

test("the package's own python/ is first on PYTHONPATH, and the rest is passed on", () => {
  const env = pythonEnvironment({ PYTHONPATH: "/theirs", HOME: "/home/me", NOTHING: undefined });
  const [own, theirs] = env["PYTHONPATH"]?.split(":") ?? [];
  expect(existsSync(join(own ?? "", "fovea_runtime", "__init__.py"))).toBe(true);
  expect(theirs).toBe("/theirs");
  expect(env["HOME"]).toBe("/home/me");
  expect("NOTHING" in env).toBe(false);
});

test("Triton's cache is in FOVEA_CACHE, unless the user named another", () => {
  expect(pythonEnvironment({ FOVEA_CACHE: "/c" })["TRITON_CACHE_DIR"]).toBe("/c/triton");
  expect(pythonEnvironment({ FOVEA_CACHE: "/c", TRITON_CACHE_DIR: "/t" })["TRITON_CACHE_DIR"]).toBe(
    "/t",
  );
});

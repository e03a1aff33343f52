import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { CacheFolder } from "../../src/harness/cache-folder.js";
import { kernelCache } from "../../src/harness/kernel-cache.js";
import { temporaryFolder } from "../support/temporary.js";

let cache: string;
beforeEach(() => {
  cache = join(temporaryFolder(), "cache");
  vi.stubEnv("FOVEA_CACHE", cache);
  return () => vi.unstubAllEnvs();
});

test("a kernel's code is found again under its key, and no other", () => {
  kernelCache(true).keep("key", "code\nof it\n");
  expect(kernelCache(false).find("key")).toBe("code\nof it\n");
  expect(kernelCache(true).find("other")).toBeUndefined();
});

test("what was not written whole is none", () => {
  kernelCache(true).keep("key", "code\nof it\n");
  const [name = ""] = readdirSync(join(cache, "kernels"));
  const file = join(cache, "kernels", name);
  for (const text of [readFileSync(file, "utf8").slice(0, -3), "", "garbage"]) {
    writeFileSync(file, text);
    expect(kernelCache(true).find("key")).toBeUndefined();
  }
});

test("nothing is kept where nothing may be written, or the cache refuses", () => {
  kernelCache(false).keep("key", "code");
  expect(() => readdirSync(cache)).toThrow("ENOENT");
  writeFileSync(cache, "in the way");
  kernelCache(true).keep("key", "code");
  expect(kernelCache(true).find("key")).toBeUndefined();
});

test("the oldest go where there are many", () => {
  const folder = new CacheFolder("few", 4);
  for (let turn = 1; turn <= 5; turn += 1) {
    folder.put(String(turn), "");
    if (turn < 5) utimesSync(folder.path(String(turn)), turn, turn);
  }
  expect(readdirSync(join(cache, "few")).sort()).toEqual(["4", "5"]);
});

import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { isRunId, makeRunDirectory } from "../../src/runs/run-directory.js";
import { temporaryFolder } from "../support/temporary.js";

const hash = "0123456789abcdef".repeat(4);

test("ids count up from 1, one count for each name and hash", () => {
  const home = temporaryFolder();
  const make = (name: string) => makeRunDirectory(home, name, hash).id;
  expect(make("a")).toBe("a-01234567-1");
  expect(make("a")).toBe("a-01234567-2");
  expect(make("a-b")).toBe("a-b-01234567-1");
  mkdirSync(join(home, "runs", "a-01234567-9"));
  mkdirSync(join(home, "runs", "a-01234567-copy"));
  expect(make("a")).toBe("a-01234567-10");
});

test("processes that ask at once get different ids", async () => {
  const home = temporaryFolder();
  const script = `
    import { makeRunDirectory } from "${new URL("../../src/runs/run-directory.ts", import.meta.url).pathname}";
    for (let n = 0; n < 25; n += 1) makeRunDirectory(${JSON.stringify(home)}, "a", "${hash}");
  `;
  const file = join(home, "make.ts");
  writeFileSync(file, script);
  const jiti = join(process.cwd(), "node_modules", ".bin", "jiti");
  await Promise.all([1, 2, 3].map(() => promisify(execFile)(jiti, [file])));
  expect(readdirSync(join(home, "runs"))).toHaveLength(75);
});

test.each(["/proc/nothing", "under a file"])("a home that cannot be written: %s", (where) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  const home = where.startsWith("/") ? where : join(folder, "file", "home");
  expect(() => makeRunDirectory(home, "a", hash)).toThrow(
    expect.objectContaining({
      code: "FOV0051",
      message: expect.stringMatching(new RegExp(`${home}.*(ENOENT|ENOTDIR|EROFS|EACCES)`)),
    }),
  );
});

test("what is no folder's name of ours is no id", () => {
  expect(isRunId("demo-01234567-1")).toBe(true);
  for (const id of ["", ".", "..", "../x", "a/b", "a\\b", "A", "a\n", ".removed-a"]) {
    expect(isRunId(id)).toBe(false);
  }
});

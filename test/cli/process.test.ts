import { spawnSync } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/ir/package-root.js";
import { temporaryFolder } from "../support/temporary.js";

/** The command as a process of its own, as it was built. */
function fovea(words: readonly string[], stdout: number | "pipe" = "pipe") {
  return spawnSync(process.execPath, [join(packageRoot, "bin/fovea.js"), ...words], {
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
  });
}

test("what a user's file prints is on stderr, however it prints", () => {
  const file = join(temporaryFolder(), "net.ts");
  writeFileSync(
    file,
    `import { write, writeSync } from "node:fs";
import { pelk } from "fovea";
console.log("one");
process.stdout.write("two\\n");
writeSync(1, "three\\n");
write(1, "four\\n", () => {});
export default pelk("tiny");`,
  );
  const { status, stdout, stderr } = fovea(["inspect", file, "--json"]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ name: "pelk_tiny" });
  for (const word of ["one", "two", "three", "four"]) expect(stderr).toContain(`${word}\n`);
});

test.each([[], ["--json"]])("a full disk under stdout is a failure that is told %j", (...more) => {
  const full = openSync("/dev/full", "w");
  const { status, stderr } = fovea(["zoo", ...more], full);
  closeSync(full);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error FOV0051: stdout cannot be written: ENOSPC/);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test.each([
  [["zo"], "zoo"],
  [["weights", "impot"], "import"],
])("a command that is misspelt %j has its neighbour named in one line", (words, meant) => {
  const { status, stderr } = fovea(words);
  expect(status).toBe(2);
  expect(stderr).toContain(`unknown command '${words.at(-1)}' (Did you mean ${meant}?)\n`);
});

import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireChangeable, writeSources } from "../../src/disk/write-sources.js";
import { isFoveaError } from "../../src/ir/error.js";
import { project } from "../load/project.js";

const refusal = (act: () => void): string => {
  try {
    act();
  } catch (error) {
    if (isFoveaError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return expect.fail("nothing is refused");
};

test("several files are written, with their modes, through links, and nothing stays beside them", () => {
  const root = project({ "a.ts": "a", "b.ts": "b" });
  const [a, b, link] = ["a.ts", "b.ts", "link.ts"].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  chmodSync(a, 0o640);
  symlinkSync(b, link);
  writeSources([
    { file: a, before: "a", after: "A" },
    { file: link, before: "b", after: "B" },
  ]);
  expect([readFileSync(a, "utf8"), readFileSync(b, "utf8")]).toEqual(["A", "B"]);
  expect(statSync(a).mode & 0o777).toBe(0o640);
  expect(readdirSync(root).sort()).toEqual(["a.ts", "b.ts", "link.ts"]);
});

test("a file that changed meanwhile stops all of them", () => {
  const root = project({ "a.ts": "a", "b.ts": "other" });
  const changes = ["a.ts", "b.ts"].map((name) => ({
    file: join(root, name),
    before: name[0] ?? "",
    after: "X",
  }));
  expect(refusal(() => writeSources(changes))).toContain("FOV0250");
  expect(readFileSync(join(root, "a.ts"), "utf8")).toBe("a");
});

test("where one file refuses before any is in its place, nothing has changed", () => {
  const root = project({ "a.ts": "a", "b.ts": "b" });
  const blocked = join(root, `b.ts.${process.pid}.tmp`);
  mkdirSync(blocked);
  const changes = ["a.ts", "b.ts"].map((name) => ({
    file: join(root, name),
    before: name[0] ?? "",
    after: "X",
  }));
  expect(refusal(() => writeSources(changes))).toContain("FOV0051");
  expect(readFileSync(join(root, "a.ts"), "utf8")).toBe("a");
  expect(readdirSync(root).sort()).toEqual(["a.ts", "b.ts", `b.ts.${process.pid}.tmp`]);
});

test("where one file cannot take its place, those that have it are put back", () => {
  const root = project({ "a.ts": "a", "b.ts": "b" });
  const [a, b, link] = ["a.ts", "b.ts", "link.ts"].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  symlinkSync(b, link);
  // Two names of one file: what was written beside it for the second is gone after the first.
  const changes = [
    { file: a, before: "a", after: "A" },
    { file: b, before: "b", after: "B" },
    { file: link, before: "b", after: "C" },
  ];
  expect(refusal(() => writeSources(changes))).toContain("FOV0051");
  expect([readFileSync(a, "utf8"), readFileSync(b, "utf8")]).toEqual(["a", "b"]);
  expect(readdirSync(root).sort()).toEqual(["a.ts", "b.ts", "link.ts"]);
});

test("files outside the project, of packages and protected ones are not changed", () => {
  const root = project({
    "mine/package.json": "{}",
    "mine/a.ts": "a",
    "mine/node_modules/p/index.ts": "p",
    "mine/fixed.ts": "f",
    "shared.ts": "s",
  });
  const at = (name: string) => join(root, name);
  chmodSync(at("mine/fixed.ts"), 0o444);
  const entry = at("mine/a.ts");
  requireChangeable([entry], entry);
  expect(refusal(() => requireChangeable([entry, at("shared.ts")], entry))).toContain(
    "outside the project",
  );
  expect(refusal(() => requireChangeable([at("mine/node_modules/p/index.ts")], entry))).toContain(
    "installed package",
  );
  expect(refusal(() => requireChangeable([at("mine/fixed.ts")], entry))).toContain("read-only");
});

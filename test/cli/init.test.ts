import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as command from "../../src/cli/commands/init.js";
import { loadTarget } from "../../src/load/load-target.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const init = (...words: string[]) => runCommand(command, ["init", ...words]);
const FILES = [
  ".gitignore",
  "my_pelk.arch.ts",
  "my_pelk.experiment.ts",
  "package.json",
  "tsconfig.json",
];

test("a project whose files load, and whose experiment trains its network", async () => {
  const dir = join(temporaryFolder(), "A new project");
  const { exit, json } = await init(dir, "--json");
  expect(exit).toBe(0);
  const project = json() as { files: string[]; network: string; experiment: string };
  expect(project).toMatchObject({ dir, kept: [] });
  expect(project.files.sort()).toEqual(FILES);
  expect(readdirSync(dir).sort()).toEqual(FILES);
  const { networks } = await loadTarget(project.network, { cwd: dir });
  const { experiment } = await loadTarget(project.experiment, { cwd: dir });
  expect(experiment?.network).toEqual(networks[0]);
  expect(JSON.parse(readFileSync(join(dir, "package.json"), "utf8"))).toMatchObject({
    name: "a-new-project",
    type: "module",
  });
});

test("the project passes its own type check", async () => {
  const dir = temporaryFolder();
  await init(dir);
  const root = process.cwd();
  const config = JSON.parse(readFileSync(join(dir, "tsconfig.json"), "utf8"));
  // The declarations that an installed fovea has.
  config.compilerOptions.paths = { fovea: [join(root, "dist", "index.d.ts")] };
  config.compilerOptions.typeRoots = [join(root, "node_modules", "@types")];
  config.compilerOptions.types = ["node"];
  writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(config));
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  const tsc = join(root, "node_modules", ".bin", "tsc");
  expect(() => execFileSync(tsc, ["-p", dir], { encoding: "utf8", stdio: "pipe" })).not.toThrow();
});

describe("no file is overwritten", () => {
  test.each(FILES)("%s stays as it is, and is named", async (name) => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, name), "mine");
    const outcome = await init(dir, "--json");
    expect(outcome.exit).toBe(0);
    expect(readFileSync(join(dir, name), "utf8")).toBe("mine");
    expect(outcome.stderr).toContain(name);
    expect(outcome.json()).toMatchObject({
      kept: [name],
      files: expect.not.arrayContaining([name]),
    });
  });

  test("not even through a link that leads nowhere", async () => {
    const dir = temporaryFolder();
    symlinkSync(join(dir, "elsewhere"), join(dir, "tsconfig.json"));
    expect((await init(dir, "--json")).json()).toMatchObject({ kept: ["tsconfig.json"] });
    expect(readdirSync(dir)).not.toContain("elsewhere");
  });
});

test("a folder that cannot be made", async () => {
  const dir = temporaryFolder();
  writeFileSync(join(dir, "file"), "");
  const { exit, stderr } = await init(join(dir, "file"));
  expect(exit).toBe(1);
  expect(stderr).toMatch(/file.*(EEXIST|ENOTDIR)/);
});

import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findPython, probePython, requireTrainable } from "../../src/launch/python.js";
import { temporaryFolder } from "../support/temporary.js";

function script(path: string, body: string): string {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("findPython", () => {
  test("FOVEA_PYTHON is taken as it is written: no symlink is resolved", () => {
    const folder = temporaryFolder();
    symlinkSync("/bin/true", join(folder, "linked"));
    const found = findPython("/", { FOVEA_PYTHON: join(folder, "linked") });
    expect(found).toEqual({ command: join(folder, "linked"), origin: "FOVEA_PYTHON" });
    expect(findPython("/", { FOVEA_PYTHON: "python3" }).command).toBe("python3");
    expect(findPython(folder, { FOVEA_PYTHON: "./linked" }).command).toBe(join(folder, "linked"));
  });

  test("without it, the .venv of the project, from any folder below", () => {
    const folder = temporaryFolder();
    const inner = join(folder, "a", "b");
    mkdirSync(inner, { recursive: true });
    mkdirSync(join(folder, ".venv", "bin"), { recursive: true });
    const python = script(join(folder, ".venv", "bin", "python"), "exit 0");
    expect(findPython(inner, {})).toEqual({ command: python, origin: ".venv" });
  });
});

describe("probePython", () => {
  const probe = (command: string) => probePython({ command, origin: "FOVEA_PYTHON" });

  test("an interpreter that is not there is a mistake that names it", async () => {
    await expect(probe("/no/such/python")).rejects.toMatchObject({
      code: "FOV0060",
      message: expect.stringMatching(/FOVEA_PYTHON.*\/no\/such\/python.*ENOENT/),
    });
  });

  test("what is no Python is a mistake, with its last words", async () => {
    const command = script(join(temporaryFolder(), "liar"), "echo I am a fish >&2; exit 4");
    await expect(probe(command)).rejects.toMatchObject({
      code: "FOV0060",
      message: expect.stringMatching(/exit code 4.*I am a fish/),
    });
    await expect(probe("/bin/true")).rejects.toMatchObject({ code: "FOV0060" });
  });

  test("a wrapper script may print first; the environment reaches it", async () => {
    const folder = temporaryFolder();
    const command = script(
      join(folder, "wrapper"),
      `echo hello; echo "$MINE $PYTHONPATH" > ${folder}/seen; exec python3 "$@"`,
    );
    const versions = await probePython(
      { command, origin: "FOVEA_PYTHON" },
      { ...process.env, MINE: "mine" },
    );
    expect(versions.python).toMatch(/^3\.\d+\.\d+$/);
    expect(readFileSync(join(folder, "seen"), "utf8")).toMatch(/^mine \/.*python/);
  });
});

describe("requireTrainable", () => {
  const python = { command: "p", origin: ".venv" } as const;
  const all = { torch: "2", numpy: "2", timm: "1", torchmetrics: "1", "scikit-learn": "1" };

  test("names what is missing", () => {
    const packages = { ...all, torch: null, timm: null };
    expect(() => requireTrainable(python, { python: "3.12.1", packages })).toThrow(
      /lacks torch, timm/,
    );
  });

  test("refuses a Python before 3.10", () => {
    expect(() => requireTrainable(python, { python: "3.9.7", packages: all })).toThrow(/too old/);
    expect(() => requireTrainable(python, { python: "3.10.0", packages: all })).not.toThrow();
  });
});

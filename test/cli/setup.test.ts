import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/setup.js";
import { runCommand } from "../support/command.js";
import { fakePython } from "../support/harness.js";
import { temporaryFolder } from "../support/temporary.js";

const setup = (...words: string[]) => runCommand(command, ["setup", ...words]);

describe("FOVEA_PYTHON is checked, and nothing is installed", () => {
  test("in order", async () => {
    fakePython("completes");
    const outcome = await setup("--json");
    expect(outcome.exit).toBe(0);
    expect(outcome.json()).toEqual({ python: process.env["FOVEA_PYTHON"], changed: false });
  });

  test("what it lacks is said", async () => {
    fakePython("completes");
    vi.stubEnv("FAKE_LACKS", "torch");
    expect(await setup()).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/lacks torch[\s\S]*FOVEA_PYTHON/),
    });
  });
});

describe("an installed fovea makes .venv in the user's project", () => {
  let project = "";
  let log = "";

  /** A `python3` that makes an environment whose pip only writes down what it is asked for. */
  beforeEach(() => {
    project = temporaryFolder();
    writeFileSync(join(project, "package.json"), "{}");
    log = join(project, "log");
    const bin = join(project, "bin");
    mkdirSync(bin);
    const pip = `#!/bin/sh
echo "$@" >> ${log}
case "$*" in *install*) [ -e ${project}/offline ] && { echo "no network"; exit 1; } ;; esac
exit 0
`;
    writeFileSync(join(project, "pip"), pip);
    writeFileSync(
      join(bin, "python3"),
      `#!/bin/sh
[ "$2" = venv ] || exit 0
[ -e ${project}/no-venv ] && { echo "ensurepip is not available"; exit 1; }
mkdir -p "$3/bin" && cp ${project}/pip "$3/bin/python" && chmod +x "$3/bin/python"
`,
    );
    chmodSync(join(bin, "python3"), 0o755);
    vi.stubEnv("FOVEA_PYTHON", "");
    vi.stubEnv("PATH", [bin, process.env["PATH"]].join(delimiter));
    return () => {
      vi.unstubAllEnvs();
    };
  });

  /** The library as npm would install it, with its own locks. */
  async function setupInstalled(dev = false) {
    const root = join(project, "node_modules", "fovea");
    if (!existsSync(root)) {
      mkdirSync(join(root, "python"), { recursive: true });
      cpSync("src", join(root, "src"), { recursive: true });
      symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
      writeFileSync(join(root, "package.json"), '{"type":"module","version":"0.1.0"}');
      lock("one");
    }
    const { setupPython } = (await import(
      join(root, "src", "launch", "setup-python.ts")
    )) as typeof import("../../src/launch/setup-python.js");
    const lines: string[] = [];
    const result = await setupPython({ cwd: project, dev, onLine: (line) => lines.push(line) });
    return { ...result, lines };
  }

  function lock(content: string): void {
    const folder = join(project, "node_modules", "fovea", "python");
    writeFileSync(join(folder, "requirements.lock"), content);
    writeFileSync(join(folder, "requirements-dev.lock"), `${content} dev`);
  }

  const installs = (): number =>
    existsSync(log) ? readFileSync(log, "utf8").split("pip install").length - 1 : 0;

  test("once, and again only when the lock changes or more is asked for", async () => {
    const first = await setupInstalled();
    expect(first).toMatchObject({ changed: true });
    expect(first.python.command).toBe(join(project, ".venv", "bin", "python"));
    expect(readFileSync(log, "utf8")).toContain("requirements.lock");
    expect((await setupInstalled()).changed).toBe(false);
    expect((await setupInstalled(true)).changed).toBe(true);
    expect((await setupInstalled()).changed).toBe(false);
    lock("two");
    expect((await setupInstalled()).changed).toBe(true);
    expect(installs()).toBe(3);
  });

  test("what was interrupted is gone on with", async () => {
    writeFileSync(join(project, "offline"), "");
    await expect(setupInstalled()).rejects.toMatchObject({ code: "FOV0060" });
    rmSync(join(project, "offline"));
    expect(await setupInstalled()).toMatchObject({ changed: true });
    rmSync(join(project, ".venv", "bin"), { recursive: true });
    expect(await setupInstalled()).toMatchObject({ changed: true });
    expect(installs()).toBe(3);
  });

  test("without Python's venv module, it says what to install", async () => {
    writeFileSync(join(project, "no-venv"), "");
    await expect(setupInstalled()).rejects.toMatchObject({
      code: "FOV0060",
      details: { fix: expect.stringContaining("python3-venv") },
    });
  });
});

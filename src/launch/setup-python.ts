import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { FoveaError } from "../ir/error.js";
import { sha256 } from "../ir/hash.js";
import { packageRoot } from "../ir/package-root.js";
import { PYTHON_SOURCES } from "./environment.js";
import { projectDirectory } from "./home.js";
import { findPython, type Python, probePython, requireTrainable, venvPython } from "./python.js";

/** The Python side, ready. */
export interface ReadyPython {
  readonly python: Python;
  /** Whether anything had to be installed. */
  readonly changed: boolean;
}

export interface SetupOptions {
  readonly cwd: string;
  /** What only fovea's own tests need, too. */
  readonly dev: boolean;
  /** Takes pip's lines as they come. */
  readonly onLine: (line: string) => void;
}

/** Tried in this order; the locked wheels are for these. */
const INTERPRETERS = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];
const STAMP = "fovea-setup.json";

/**
 * Sees that the Python side is there: makes `.venv` and installs the locked packages. Does nothing
 * when that is done, and goes on where it was interrupted. With `FOVEA_PYTHON` set, that
 * interpreter is checked and nothing is installed.
 *
 * @throws FoveaError FOV0060 where it cannot be done, with what to do
 */
export async function setupPython(options: SetupOptions): Promise<ReadyPython> {
  if (process.env["FOVEA_PYTHON"]) {
    const python = findPython(options.cwd);
    requireTrainable(python, await probePython(python));
    return { python, changed: false };
  }
  const venv = join(setupDirectory(options.cwd), ".venv");
  const python: Python = { command: venvPython(venv), origin: ".venv" };
  const locks = lockFiles(options.dev);
  const stamp = join(venv, STAMP);
  if (isStamped(stamp, locks) && (await runs(python.command, ["-m", "pip", "--version"]))) {
    return { python, changed: false };
  }
  rmSync(stamp, { force: true });
  if (!(await runs(python.command, ["-m", "pip", "--version"]))) {
    await makeVenv(venv, options.onLine);
  }
  options.onLine("installing the locked packages; the first time takes minutes and gigabytes");
  const requirements = locks.flatMap(({ path }) => ["-r", path]);
  await follow(
    python.command,
    [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--no-input",
      "--progress-bar=off",
      ...requirements,
    ],
    options.onLine,
    "pip could not install the packages",
    "see its words above; run `fovea setup` again to go on where it stopped",
  );
  writeFileSync(stamp, `${JSON.stringify({ locks: locks.map(({ hash }) => hash) })}\n`);
  return { python, changed: true };
}

/** A checkout has its own `.venv`; of an installed fovea it is the user's project that has it. */
function setupDirectory(cwd: string): string {
  return /[\\/]node_modules[\\/]/.test(packageRoot) ? projectDirectory(cwd) : packageRoot;
}

interface LockFile {
  readonly path: string;
  readonly hash: string;
}

function lockFiles(dev: boolean): readonly LockFile[] {
  const names = ["requirements.lock", ...(dev ? ["requirements-dev.lock"] : [])];
  return names.map((name) => {
    const path = join(PYTHON_SOURCES, name);
    return { path, hash: sha256(readFileSync(path)) };
  });
}

/** Whether these locks were installed to the end; more than these is as good. */
function isStamped(stamp: string, locks: readonly LockFile[]): boolean {
  try {
    const { locks: done } = JSON.parse(readFileSync(stamp, "utf8")) as { locks: readonly string[] };
    return locks.every(({ hash }) => done.includes(hash));
  } catch {
    return false;
  }
}

async function makeVenv(venv: string, onLine: (line: string) => void): Promise<void> {
  const base = await suitableInterpreter();
  onLine(`making ${venv} with ${base}`);
  await follow(
    base,
    ["-m", "venv", venv],
    onLine,
    `${base} could not make ${venv}`,
    "install Python's venv module (on Debian and Ubuntu: apt install python3-venv), then run `fovea setup` again",
  );
  if (existsSync(venvPython(venv))) return;
  throw new FoveaError({
    code: "FOV0060",
    message: `${venv} has no interpreter`,
    fix: `remove ${venv} and run \`fovea setup\` again`,
  });
}

async function suitableInterpreter(): Promise<string> {
  for (const name of INTERPRETERS) {
    const test = "import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))";
    if (await runs(name, ["-c", test])) return name;
  }
  throw new FoveaError({
    code: "FOV0060",
    message: "there is no Python from 3.10 to 3.14 here",
    value: INTERPRETERS.join(", "),
    fix: "install Python 3.12, or name an interpreter that has torch in FOVEA_PYTHON",
  });
}

async function runs(command: string, words: readonly string[]): Promise<boolean> {
  const result = await execa(command, words, { reject: false, stdin: "ignore", timeout: 60_000 });
  return result.exitCode === 0;
}

async function follow(
  command: string,
  words: readonly string[],
  onLine: (line: string) => void,
  failure: string,
  fix: string,
): Promise<void> {
  const child = execa(command, words, {
    all: true,
    buffer: false,
    stdin: "ignore",
    reject: false,
    env: { PYTHONUNBUFFERED: "1" },
  });
  for await (const line of child.iterable({ from: "all" })) onLine(line);
  const { exitCode } = await child;
  if (exitCode === 0) return;
  throw new FoveaError({ code: "FOV0060", message: failure, value: command, fix });
}

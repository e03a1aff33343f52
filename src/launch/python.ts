import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { FoveaError } from "../ir/error.js";
import { packageRoot } from "../ir/package-root.js";
import { pythonEnvironment } from "./environment.js";
import { searchUpwards } from "./search-upwards.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** An interpreter as it is executed, and what named it. */
export interface Python {
  readonly command: string;
  readonly origin: "FOVEA_PYTHON" | ".venv";
}

/** What an interpreter says of itself; `null` stands for a package that is not installed. */
export interface PythonVersions {
  readonly python: string;
  readonly packages: Readonly<Record<string, string | null>>;
}

/** The interpreter inside a virtual environment. */
export function venvPython(venv: string): string {
  return process.platform === "win32"
    ? join(venv, "Scripts", "python.exe")
    : join(venv, "bin", "python");
}

/**
 * The interpreter to use: `FOVEA_PYTHON` as it is written (no symlink is resolved), else the
 * `.venv` of the user's project, else that of the tool (contract, line 2).
 *
 * @throws FoveaError FOV0060 where there is none
 */
export function findPython(cwd: string, env: Environment = process.env): Python {
  const given = env["FOVEA_PYTHON"];
  if (given !== undefined && given !== "") {
    const isPath = /[\\/]/.test(given);
    return { command: isPath ? resolve(cwd, given) : given, origin: "FOVEA_PYTHON" };
  }
  const hasVenv = (folder: string): boolean => existsSync(venvPython(join(folder, ".venv")));
  const folder = searchUpwards(cwd, hasVenv) ?? (hasVenv(packageRoot) ? packageRoot : null);
  if (folder !== null) return { command: venvPython(join(folder, ".venv")), origin: ".venv" };
  throw new FoveaError({
    code: "FOV0060",
    message: "fovea's Python side is not set up",
    fix: "run `fovea setup` (it makes .venv), or name an interpreter in FOVEA_PYTHON",
  });
}

const PROBE = `
import importlib.metadata, importlib.util, json, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
# A client may come as another distribution, such as mlflow-skinny; a mere folder of that name is none.
def client(name):
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return None
    return version(name) or version(name + "-skinny") or "of unknown version"
names = ["torch", "triton", "timm", "torchvision", "numpy", "torchmetrics", "scikit-learn", "safetensors", "onnx", "onnxscript", "onnxruntime"]
packages = {**{n: version(n) for n in names}, **{n: client(n) for n in ("tensorboard", "mlflow", "wandb")}}
print(json.dumps({"python": "%d.%d.%d" % sys.version_info[:3], "packages": packages}))
`;

/**
 * Asks an interpreter for its version and those of the packages that fovea uses, without
 * importing them.
 *
 * @throws FoveaError FOV0060 where it cannot be executed or is no Python
 */
export async function probePython(
  python: Python,
  env: Environment = process.env,
): Promise<PythonVersions> {
  const { execa } = await import("execa");
  const result = await execa(python.command, ["-c", PROBE], {
    env: pythonEnvironment(env),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: 60_000,
  });
  const versions = parseProbe(result.stdout);
  if (versions !== null) return versions;
  const said = result.stderr?.trim().split("\n").at(-1);
  const ended =
    result.code ?? (result.exitCode === undefined ? "" : `exit code ${result.exitCode}`);
  throw new FoveaError({
    code: "FOV0060",
    message: `${python.origin} names no Python that runs: ${python.command}${ended ? ` (${ended})` : ""}${said ? `: ${said}` : ""}`,
    value: python.command,
    allowed: "a Python interpreter, 3.10 or newer",
    fix:
      python.origin === "FOVEA_PYTHON"
        ? "set FOVEA_PYTHON to an interpreter that has torch, or unset it and run `fovea setup`"
        : "run `fovea setup` to mend it",
  });
}

/** The probe's answer is the last line: a wrapper script may print before it. */
function parseProbe(stdout: unknown): PythonVersions | null {
  if (typeof stdout !== "string") return null;
  try {
    const answer: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    const isAnswer = typeof answer === "object" && answer !== null && "packages" in answer;
    return isAnswer ? (answer as PythonVersions) : null;
  } catch {
    return null;
  }
}

/** Packages without which nothing is trained. */
const REQUIRED = ["torch", "numpy", "timm", "torchmetrics", "scikit-learn"] as const;

/** Names of required packages that an interpreter lacks. */
export function missingPackages(versions: PythonVersions): readonly string[] {
  return REQUIRED.filter((name) => !versions.packages[name]);
}

/** @throws FoveaError FOV0060 where a package is missing or Python is older than 3.10 */
export function requireTrainable(python: Python, versions: PythonVersions): void {
  const [major = 0, minor = 0] = versions.python.split(".").map(Number);
  if (major < 3 || (major === 3 && minor < 10)) {
    throw new FoveaError({
      code: "FOV0060",
      message: `Python ${versions.python} is too old: ${python.command}`,
      value: versions.python,
      allowed: "Python 3.10 or newer",
      fix: "install a newer Python and run `fovea setup`",
    });
  }
  const missing = missingPackages(versions);
  if (missing.length === 0) return;
  throw new FoveaError({
    code: "FOV0060",
    message: `${python.command} lacks ${missing.join(", ")}`,
    fix:
      python.origin === "FOVEA_PYTHON"
        ? `install ${missing.join(", ")} there, or unset FOVEA_PYTHON and run \`fovea setup\``
        : "run `fovea setup`",
  });
}

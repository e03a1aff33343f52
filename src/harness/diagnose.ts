import { existsSync, statfsSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname } from "node:path";
import { execa } from "execa";
import { isFoveaError } from "../ir/error.js";
import { SINKS } from "../ir/run-names.js";
import { foveaVersion } from "../ir/version.js";
import { cacheDirectory } from "../launch/cache-dir.js";
import { pythonEnvironment } from "../launch/environment.js";
import {
  findPython,
  missingPackages,
  type Python,
  probePython,
  requireTrainable,
} from "../launch/python.js";
import { slurmPartitions } from "../launch/slurm/offers.js";
import { sqlite } from "../runs/index-file.js";
import { listGpus } from "./gpus.js";

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  /** `missing` is required and stops `fovea run`; a `warning` does not. */
  readonly status: "ok" | "warning" | "missing";
  readonly found: string;
  /** What to do; `null` where nothing is to be done. */
  readonly fix: string | null;
}

/** What this machine has, and what would run where. */
export interface Diagnosis {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** What `--device auto` trains on, and with which kernels. */
  readonly runs: { readonly device: "cpu" | "cuda" | null; readonly kernels: string };
}

/** Oldest versions that are supported (design, section 7). */
const OLDEST: Readonly<Record<string, string>> = { torch: "2.11", triton: "3.6" };
const ROOM = 5 * 2 ** 30;

/**
 * Looks at everything that a run needs. Writes nothing.
 *
 * @param home - where runs go
 */
export async function diagnose(cwd: string, home: string): Promise<Diagnosis> {
  const gpus = await listGpus();
  const python = await examinePython(cwd, gpus);
  const findings = [
    node(),
    ok("fovea", foveaVersion()),
    ...python.findings,
    gpu(gpus, python.cuda),
    await slurm(),
    room("disk for runs", home),
    room("disk for the cache", cacheDirectory()),
    await index(),
    ok("memory", `${Math.round(totalmem() / 2 ** 30)} GiB`),
  ];
  const broken = findings.some(({ status }) => status === "missing");
  const device = broken ? null : python.cuda ? "cuda" : "cpu";
  const kernels = {
    cuda: "Triton kernels, generated; verified once on this device",
    cpu: "FFT for large kernels, dense convolution for small ones; Triton kernels only in its interpreter",
    none: "nothing, until what is missing is there",
  };
  return { ok: !broken, findings, runs: { device, kernels: kernels[device ?? "none"] } };
}

/** What nothing but an export as ONNX needs. */
const FOR_ONNX: ReadonlySet<string> = new Set(["onnx", "onnxscript", "onnxruntime"]);

async function index(): Promise<Finding> {
  if ((await sqlite()) !== null) return ok("index of runs", "better-sqlite3");
  return {
    name: "index of runs",
    status: "warning",
    found:
      "none: better-sqlite3 is not installed or does not load; runs are read from their folders",
    fix: "npm install better-sqlite3, with a C++ compiler where no binary is there for this machine",
  };
}

function ok(name: string, found: string): Finding {
  return { name, status: "ok", found, fix: null };
}

function node(): Finding {
  const found = process.versions.node;
  if (Number(found.split(".")[0]) >= 20) return ok("Node.js", found);
  return { name: "Node.js", status: "missing", found, fix: "install Node.js 20 or newer" };
}

interface PythonFindings {
  readonly findings: readonly Finding[];
  readonly cuda: boolean;
}

async function examinePython(cwd: string, gpus: readonly string[]): Promise<PythonFindings> {
  let python: Python;
  let versions: Awaited<ReturnType<typeof probePython>>;
  try {
    python = findPython(cwd);
    versions = await probePython(python);
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    const { message, fix = null } = error.details;
    return { findings: [{ name: "Python", status: "missing", found: message, fix }], cuda: false };
  }
  const missing = new Set(missingPackages(versions));
  const packages = Object.entries(versions.packages).map(([name, version]): Finding => {
    const oldest = OLDEST[name];
    const isSink = SINKS.some((sink) => sink === name);
    if (version === null && isSink) {
      return ok(name, `not installed; only --sink ${name} needs it: pip install ${name}`);
    }
    if (version === null) {
      // Without a GPU nothing needs triton.
      const required = missing.has(name) || (name === "triton" && gpus.length > 0);
      const fix = required
        ? "run `fovea setup`"
        : FOR_ONNX.has(name)
          ? "only `fovea export --format onnx` needs it; `fovea setup` installs it"
          : null;
      return { name, status: required ? "missing" : "warning", found: "not installed", fix };
    }
    if (oldest === undefined || !isOlder(version, oldest)) return ok(name, version);
    const fix = `install ${name} ${oldest} or newer, or run \`fovea setup\``;
    return { name, status: "warning", found: version, fix };
  });
  const found = `${versions.python}, ${python.command} (${python.origin})`;
  try {
    requireTrainable(python, versions);
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    const { fix = null } = error.details;
    return {
      findings: [{ name: "Python", status: "missing", found, fix }, ...packages],
      cuda: false,
    };
  }
  const side = await importSide(python);
  return { findings: [ok("Python", found), ...packages, side.finding], cuda: side.cuda };
}

function isOlder(version: string, oldest: string): boolean {
  const [a = 0, b = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const [c = 0, d = 0] = oldest.split(".").map(Number);
  return a < c || (a === c && b < d);
}

/** Imports torch and the runtime as a run does. */
async function importSide(python: Python): Promise<{ finding: Finding; cuda: boolean }> {
  const code =
    "import fovea_runtime, torch; print('cuda' if torch.cuda.is_available() else 'cpu', torch.get_num_threads())";
  const result = await execa(python.command, ["-c", code], {
    env: pythonEnvironment(),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: 120_000,
  });
  const name = "fovea_runtime";
  const [device, threads] = result.stdout.trim().split("\n").at(-1)?.split(" ") ?? [];
  if (result.exitCode === 0 && device !== undefined) {
    return { finding: ok(name, `imports; ${threads} CPU threads`), cuda: device === "cuda" };
  }
  const found = result.stderr.trim().split("\n").at(-1) ?? "it cannot be imported";
  return {
    finding: { name, status: "missing", found, fix: "run `fovea setup` to mend the Python side" },
    cuda: false,
  };
}

function gpu(gpus: readonly string[], cuda: boolean): Finding {
  if (gpus.length === 0) return ok("GPU", "none: everything runs on the CPU");
  if (cuda) return ok("GPU", gpus.join(", "));
  return {
    name: "GPU",
    status: "warning",
    found: `${gpus.join(", ")}, which torch does not find`,
    fix: "install a torch built for CUDA, and a driver that it supports",
  };
}

/** Whether jobs can be submitted from here; nothing but `--launcher slurm` needs it. */
async function slurm(): Promise<Finding> {
  try {
    const partitions = await slurmPartitions();
    return ok("Slurm", partitions);
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    if (error.code === "FOV0120") return ok("Slurm", "not installed: no --launcher slurm");
    const { message, fix = null } = error.details;
    return { name: "Slurm", status: "warning", found: message, fix };
  }
}

function room(name: string, folder: string): Finding {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    const { bavail, bsize } = statfsSync(existing);
    const free = bavail * bsize;
    const found = `${(free / 2 ** 30).toFixed(1)} GiB free, ${folder}`;
    if (free >= ROOM) return ok(name, found);
    return { name, status: "warning", found, fix: "make room: torch alone takes 5 GiB" };
  } catch (error) {
    const found = `${folder}: ${(error as Error).message}`;
    return { name, status: "warning", found, fix: "name a folder that can be read" };
  }
}

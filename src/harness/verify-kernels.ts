import { execa } from "execa";
import { z } from "zod";
import { cacheDirectory } from "../launch/cache-dir.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";

/** One kernel's certificate, as far as it is read here. */
const Certificate = z.looseObject({
  kernel: z.string(),
  passed: z.boolean(),
  cached: z.boolean(),
  failures: z.array(z.string()),
});

/** What verification came to. */
export interface Verification {
  readonly passed: boolean;
  /** Python's exit status; `null` where a signal ended it. */
  readonly exitCode: number | null;
  /** In words: how many kernels hold, or what the first failure is. */
  readonly summary: string;
  /** What Python printed; `null` where that is no JSON. */
  readonly document: unknown;
  /** Python's last words on stderr. */
  readonly said: string;
}

/**
 * Holds the kernels of generated packages or kernel files against float64, forward and all
 * gradients. A certificate in `FOVEA_CACHE` for the same hash, versions and device is taken as it
 * stands (contract, line 36).
 *
 * @param targets - packages or kernel files
 * @param onNote - takes Python's lines on stderr as they come
 */
export async function verifyKernels(
  targets: readonly string[],
  options: {
    readonly python: Python;
    readonly device: "cpu" | "cuda";
    readonly onNote: (line: string) => void;
    readonly signal?: AbortSignal;
  },
): Promise<Verification> {
  const words = ["--device", options.device, "--cache", cacheDirectory(), "--json"];
  const child = execa(
    options.python.command,
    ["-m", "fovea_runtime.verify", ...targets, ...words],
    {
      env: pythonEnvironment(),
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      ...(options.signal ? { cancelSignal: options.signal } : {}),
    },
  );
  let said = "it says nothing";
  for await (const line of child.iterable({ from: "stderr" })) {
    if (line.trim() === "") continue;
    said = line;
    options.onNote(line);
  }
  const { exitCode, signal, stdout } = await child;
  if (signal !== undefined) said = `Python was killed by ${signal}`;
  const document = parse(stdout);
  return {
    passed: exitCode === 0,
    exitCode: exitCode ?? null,
    summary: summarise(readCertificates(document), said),
    document,
    said,
  };
}

type Certificates = readonly z.infer<typeof Certificate>[];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readCertificates(document: unknown): Certificates {
  const read = z.object({ kernels: z.array(Certificate) }).safeParse(document);
  return read.success ? read.data.kernels : [];
}

/** @param said - Python's last words, for when it gave no certificates */
function summarise(certificates: Certificates, said: string): string {
  if (certificates.length === 0) return said;
  const bad = certificates.find(({ passed }) => !passed);
  if (bad !== undefined) return `${bad.kernel}: ${bad.failures[0] ?? said}`;
  const kept = certificates.filter(({ cached }) => cached).length;
  const kernels = certificates.length === 1 ? "1 kernel" : `${certificates.length} kernels`;
  return `${kernels} verified against float64${kept > 0 ? `, ${kept} of them before, as their certificates say` : ""}`;
}

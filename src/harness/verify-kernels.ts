import { execa } from "execa";
import { cacheDirectory } from "../launch/cache-dir.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";
import { readVerification } from "../launch/verification.js";

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
  const { document, summary } = readVerification(stdout, said);
  return { passed: exitCode === 0, exitCode: exitCode ?? null, summary, document, said };
}

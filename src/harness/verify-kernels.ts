import { execa } from "execa";
import { cacheDirectory } from "../launch/cache-dir.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";

/** What verification came to; `document` is what Python printed. */
export interface Verification {
  readonly passed: boolean;
  readonly document: unknown;
  /** The last thing said on stderr. */
  readonly said: string | null;
  readonly cancelled: boolean;
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
  let said: string | null = null;
  for await (const line of child.iterable({ from: "stderr" })) {
    if (line.trim() === "") continue;
    said = line;
    options.onNote(line);
  }
  const result = await child;
  return {
    passed: result.exitCode === 0,
    document: parse(result.stdout),
    said,
    cancelled: options.signal?.aborted === true,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import { execa } from "execa";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";

/** What is to be tuned. */
export interface TuneRequest {
  readonly python: Python;
  readonly dtypes: readonly string[];
  /** Images a batch, powers of two. */
  readonly batches: readonly number[];
  /** `KERNEL=C,H,W`: channels that a kernel convolves on maps of one size. */
  readonly channels: readonly string[];
  /** Takes Python's lines on stderr as they come. */
  readonly onNote: (line: string) => void;
}

/** What tuning came to. */
export interface Tuning {
  /** Python's exit status; `null` where a signal ended it. */
  readonly exitCode: number | null;
  /** What Python printed; `null` where that is no JSON. */
  readonly document: unknown;
  /** Python's last words on stderr. */
  readonly said: string;
}

/**
 * Searches tiles, warps and stages of kernels on the CUDA device at hand.
 *
 * @param targets - packages or kernel files
 */
export async function tuneKernels(
  targets: readonly string[],
  { python, dtypes, batches, channels, onNote }: TuneRequest,
): Promise<Tuning> {
  const words = ["--dtype", dtypes.join(",")];
  for (const batch of batches) words.push("--batch", `${batch}`);
  for (const each of channels) words.push("--channels", each);
  const child = execa(python.command, ["-m", "fovea_runtime.tune", ...targets, ...words], {
    env: pythonEnvironment(),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
  let said = "it says nothing";
  for await (const line of child.iterable({ from: "stderr" })) {
    if (line.trim() === "") continue;
    said = line;
    onNote(line);
  }
  const { exitCode, signal, stdout } = await child;
  return {
    exitCode: exitCode ?? null,
    document: parse(stdout),
    said: signal === undefined ? said : `Python was ended by ${signal}`,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

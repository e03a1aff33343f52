import { execa } from "execa";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";

/** How kernels are measured. */
export interface BenchRequest {
  readonly python: Python;
  readonly device: "cpu" | "cuda";
  readonly dtype: string;
  /** `N,C,H,W` for all kernels, `KERNEL=N,C,H,W` for one; where there are none, Python's default. */
  readonly shapes: readonly string[];
  /** CPU threads; `null` for PyTorch's own choice. */
  readonly threads: number | null;
  /** Most samples a candidate and direction; `null` for Python's default. */
  readonly rounds: number | null;
  /** Whether `auto` is measured without peers and other methods, as where sizes are compared. */
  readonly alone?: boolean;
  /** Takes Python's lines on stderr as they come. */
  readonly onNote: (line: string) => void;
}

/** What measuring came to. */
export interface Measured {
  /** Python's exit status; `null` where a signal ended it. */
  readonly exitCode: number | null;
  /** What Python printed; `null` where that is no JSON. */
  readonly document: unknown;
  /** Python's last words on stderr. */
  readonly said: string;
}

/**
 * Times kernels beside their peers, behind the correctness gate.
 *
 * @param targets - packages or kernel files
 */
export async function benchKernels(
  targets: readonly string[],
  request: BenchRequest,
): Promise<Measured> {
  const { python, device, dtype, shapes, threads, rounds, alone = false, onNote } = request;
  const words = ["--device", device, "--dtype", dtype];
  for (const shape of shapes) words.push("--shape", shape);
  if (threads !== null) words.push("--threads", `${threads}`);
  if (rounds !== null) words.push("--rounds", `${rounds}`);
  if (alone) words.push("--alone");
  const child = execa(python.command, ["-m", "fovea_runtime.bench", ...targets, ...words], {
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

import { execa } from "execa";
import { z } from "zod";
import { FoveaError } from "../ir/error.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";
import type { Arch, Dtype } from "./architectures.js";

/** One specialisation of one kernel on one architecture. */
const CompiledKernel = z.looseObject({
  /** The jit function's name. */
  kernel: z.string(),
  arch: z.string(),
  /** 32-bit registers a thread. */
  registers: z.number(),
  /** Bytes a thread: cuobjdump's STACK + LOCAL. */
  spills: z.number(),
  /** Bytes of shared memory a block. */
  shared: z.number(),
  mma: z.enum(["wgmma", "tcgen05", "mma"]).nullable(),
  /** The kernel file's name, without `.py`. */
  module: z.string(),
  dtypes: z.array(z.string()),
  maps: z.array(z.tuple([z.number(), z.number()])),
  constants: z.record(z.string(), z.unknown()),
});
export type CompiledKernel = z.infer<typeof CompiledKernel>;

const Document = z.object({ kernels: z.array(CompiledKernel), failures: z.array(z.string()) });

/** What ahead-of-time compilation came to. */
export interface Compilation {
  /** Whether every kernel compiles, spills nothing and fits into shared memory. */
  readonly passed: boolean;
  readonly kernels: readonly CompiledKernel[];
  /** What Python printed, whole: `{versions, kernels, failures}`. */
  readonly document: unknown;
}

/**
 * Compiles the Triton kernels of generated packages or kernel files afresh, without a GPU, through
 * Triton's own cache.
 *
 * @param targets - packages or kernel files
 * @param onNote - takes Python's lines on stderr as they come: progress, then what failed
 * @throws FoveaError FOV0040 where a target holds no kernels, FOV0061 where Python itself failed
 */
export async function compileKernels(
  targets: readonly string[],
  options: {
    readonly python: Python;
    readonly arches: readonly Arch[];
    readonly dtypes: readonly Dtype[];
    readonly onNote: (line: string) => void;
  },
): Promise<Compilation> {
  const words = ["--arch", options.arches.join(","), "--dtype", options.dtypes.join(",")];
  const child = execa(
    options.python.command,
    ["-m", "fovea_runtime.compile_report", ...targets, ...words],
    { env: pythonEnvironment(), extendEnv: false, stdin: "ignore", reject: false },
  );
  let said = "Python says nothing";
  for await (const line of child.iterable({ from: "stderr" })) {
    if (line.trim() === "") continue;
    said = line;
    options.onNote(line);
  }
  const { exitCode, stdout } = await child;
  const document = parse(stdout);
  const read = Document.safeParse(document);
  if (!read.success) throw withoutReport(said, exitCode === 2);
  return { passed: exitCode === 0, kernels: read.data.kernels, document };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function withoutReport(said: string, isMistake: boolean): FoveaError {
  return new FoveaError({
    code: isMistake ? "FOV0040" : "FOV0061",
    message: said,
    fix: isMistake
      ? "name a generated package, a kernel file, a declaration or a shipped network"
      : "see `fovea doctor`",
  });
}

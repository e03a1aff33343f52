import { execa } from "execa";
import { FoveaError } from "../ir/error.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";
import { listGpus, mayHaveCuda } from "./gpus.js";

const DEVICES = ["auto", "cpu", "cuda"] as const;
export type RequestedDevice = (typeof DEVICES)[number];

export function isRequestedDevice(text: string): text is RequestedDevice {
  return (DEVICES as readonly string[]).includes(text);
}

export interface ResolvedDevice {
  readonly type: "cpu" | "cuda";
  /** Names of the machine's GPUs. */
  readonly gpus: readonly string[];
  /** CUDA devices that torch sees, which `CUDA_VISIBLE_DEVICES` may hide some of. */
  readonly devices: number;
}

/**
 * What a device request comes to on this machine. torch is asked only where there may be a GPU,
 * since importing it takes seconds.
 *
 * @throws FoveaError FOV0040 where CUDA is asked for and torch has none
 */
export async function resolveDevice(
  requested: RequestedDevice,
  python: Python,
): Promise<ResolvedDevice> {
  const gpus = await listGpus();
  if (requested === "cpu") return { type: "cpu", gpus, devices: 0 };
  if (requested === "auto" && !mayHaveCuda(gpus)) return { type: "cpu", gpus, devices: 0 };
  const devices = await countCuda(python);
  if (devices > 0) return { type: "cuda", gpus, devices };
  if (requested === "auto") return { type: "cpu", gpus, devices };
  throw new FoveaError({
    code: "FOV0040",
    message: "--device cuda: torch finds no CUDA device here",
    path: "--device",
    value: "cuda",
    allowed: "cpu, or auto",
    fix: "run with --device cpu, or see `fovea doctor`",
  });
}

/** How many CUDA devices an interpreter's torch can use. Imports torch: seconds. */
async function countCuda(python: Python): Promise<number> {
  const result = await execa(
    python.command,
    ["-c", "import torch; print(torch.cuda.device_count() if torch.cuda.is_available() else 0)"],
    {
      env: pythonEnvironment(),
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      timeout: 120_000,
    },
  );
  // A wrapper script may print before it.
  const answer = /(\d+)\s*$/.exec(result.stdout)?.[1];
  return result.exitCode === 0 && answer !== undefined ? Number(answer) : 0;
}

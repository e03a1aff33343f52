import { existsSync } from "node:fs";
import { execa } from "execa";

/** Names of the machine's NVIDIA GPUs, as its driver gives them; none without a driver. */
export async function listGpus(): Promise<readonly string[]> {
  const result = await execa("nvidia-smi", ["--query-gpu=name", "--format=csv,noheader"], {
    stdin: "ignore",
    reject: false,
    timeout: 20_000,
  });
  if (result.exitCode !== 0) return [];
  return result.stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Whether the system shows a sign of a CUDA device, without starting Python. */
export function mayHaveCuda(gpus: readonly string[]): boolean {
  return gpus.length > 0 || existsSync("/dev/nvidiactl") || existsSync("/dev/dxg");
}

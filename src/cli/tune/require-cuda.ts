import { resolveDevice } from "../../harness/resolve-device.js";
import { FoveaError } from "../../ir/error.js";
import type { Python } from "../../launch/python.js";

/**
 * Goes on only where torch finds a CUDA device.
 *
 * @throws FoveaError FOV0040
 */
export async function requireCuda(python: Python): Promise<void> {
  const { type, gpus } = await resolveDevice("auto", python);
  if (type === "cuda") return;
  const found = gpus.length > 0 ? `torch cannot use ${gpus.join(", ")}` : "there is none here";
  throw new FoveaError({
    code: "FOV0040",
    message: `fovea tune measures kernels on a CUDA device, and ${found}`,
    allowed: "a machine with a CUDA device that torch finds",
    fix: "run it on a machine with a CUDA device (nothing is simulated); `fovea doctor` tells what is missing",
  });
}

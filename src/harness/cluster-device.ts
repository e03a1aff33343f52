import type { SlurmOptions } from "../ir/slurm.js";
import { requireSlurm } from "../launch/slurm/command.js";
import { offersGpus } from "../launch/slurm/offers.js";
import { listGpus } from "./gpus.js";
import type { RequestedDevice, ResolvedDevice } from "./resolve-device.js";

/**
 * What a device request comes to on a cluster, whatever the submitting machine has. `auto` takes
 * GPUs where they are asked for or the cluster has any.
 *
 * @throws FoveaError FOV0120 where Slurm's commands are missing, FOV0121 where Slurm does not answer
 */
export async function clusterDevice(
  requested: RequestedDevice,
  options: Partial<SlurmOptions>,
): Promise<ResolvedDevice> {
  await requireSlurm();
  const gpus = await listGpus();
  const { gpus: asked = null, partition = null } = options;
  const type =
    requested === "auto"
      ? (asked === null ? await offersGpus(partition) : asked > 0)
        ? "cuda"
        : "cpu"
      : requested;
  return { type, gpus, devices: asked ?? 1 };
}

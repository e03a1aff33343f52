import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { stageShapes } from "../analyse/shapes.js";
import { FoveaError } from "../ir/error.js";
import type { Size } from "../ir/grid.js";
import { Network } from "../ir/network.js";
import { kernelName } from "../plan/kernel-name.js";
import { planMixer } from "../plan/network-mixer.js";

/** Images a batch where none are named: enough to fill the device, and no more. */
const BATCH = { cpu: 4, cuda: 64 } as const;

/** Maps that a kernel meets in a network. */
interface KernelMaps {
  readonly kernel: string;
  /** Channels that are convolved. */
  readonly channels: number;
  readonly map: Size;
}

/**
 * What each kernel of the packages meets in its network, as `KERNEL=N,C,H,W`. A kernel file has no
 * network, and so no shapes.
 *
 * @param targets - packages or kernel files
 * @throws FoveaError FOV0040 where a package's manifest does not tell its network
 */
export function benchShapes(targets: readonly string[], device: "cpu" | "cuda"): readonly string[] {
  const shapes = kernelMaps(targets).map(
    ({ kernel, channels, map }) => `${kernel}=${[BATCH[device], channels, ...map].join(",")}`,
  );
  return [...new Set(shapes)];
}

/**
 * What each kernel of the packages meets in its network, stage by stage; nothing of a kernel file.
 *
 * @throws FoveaError FOV0040 where a package's manifest does not tell its network
 */
export function kernelMaps(targets: readonly string[]): readonly KernelMaps[] {
  return targets
    .filter((target) => statSync(target).isDirectory())
    .flatMap((folder) => {
      return stageShapes(packageNetwork(folder)).flatMap((stage) => {
        const { kernels, dense } = planMixer(stage);
        const pairs = dense === false ? kernels : [...kernels, dense];
        return pairs.map((pair) => ({
          kernel: kernelName(pair),
          channels: stage.convolved,
          map: stage.map,
        }));
      });
    });
}

/**
 * The network that a generated package was emitted for.
 *
 * @throws FoveaError FOV0040 where its manifest does not tell
 */
export function packageNetwork(folder: string): Network {
  const path = join(folder, "manifest.json");
  try {
    return z.object({ network: Network }).parse(JSON.parse(readFileSync(path, "utf8"))).network;
  } catch (error) {
    throw new FoveaError(
      {
        code: "FOV0040",
        message: `${path} does not tell the package's network`,
        value: folder,
        fix: "generate the package again, or name shapes with --shape N,C,H,W",
      },
      { cause: error },
    );
  }
}

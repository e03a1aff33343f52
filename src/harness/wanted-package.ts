import type { EmittedFile } from "../emit/emitted-file.js";
import { emitNetwork, type NetworkOrigin } from "../emit/network.js";
import { contentHash } from "../ir/hash.js";
import type { Network } from "../ir/network.js";
import type { TunedTable } from "../plan/triton/tuned.js";
import { kernelCache } from "./kernel-cache.js";

/** A package that is to stand in a folder, emitted only where that is needed. */
export interface WantedPackage {
  readonly network: Network;
  /** The package's folder, absolute. */
  readonly dir: string;
  /** All that its files depend on beside fovea itself. */
  readonly inputs: object;
  readonly emit: () => readonly EmittedFile[];
}

interface Making {
  readonly origin: NetworkOrigin;
  readonly tuned: TunedTable;
  readonly isWritten: boolean;
}

/**
 * The package of a network with these entries of a tuned table.
 *
 * @param isWritten - whether anything may be written, in the cache too
 */
export function wantedPackage(
  network: Network,
  dir: string,
  { origin, tuned, isWritten }: Making,
): WantedPackage {
  const kernels = kernelCache(isWritten);
  return {
    network,
    dir,
    inputs: { network: contentHash(network), origin, tuned },
    emit: () => emitNetwork(network, origin, { tuned, kernels }),
  };
}

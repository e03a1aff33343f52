import type { EmittedFile } from "../emit/emitted-file.js";
import { emitNetwork, type NetworkOrigin } from "../emit/network.js";
import { contentHash } from "../ir/hash.js";
import type { Network } from "../ir/network.js";
import type { TunedTable } from "../plan/triton/tuned.js";

/** A package that is to stand in a folder, emitted only where that is needed. */
export interface WantedPackage {
  readonly network: Network;
  /** The package's folder, absolute. */
  readonly dir: string;
  /** All that its files depend on beside fovea itself. */
  readonly inputs: object;
  readonly emit: () => readonly EmittedFile[];
}

/** The package of a network with these entries of a tuned table. */
export function wantedPackage(
  network: Network,
  dir: string,
  origin: NetworkOrigin,
  tuned: TunedTable,
): WantedPackage {
  return {
    network,
    dir,
    inputs: { network: contentHash(network), origin, tuned },
    emit: () => emitNetwork(network, origin, { tuned }),
  };
}

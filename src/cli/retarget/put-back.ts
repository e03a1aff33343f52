import type { Network } from "../../ir/network.js";
import { loadTarget } from "../../load/load-target.js";
import { noOrigins } from "../../load/origins.js";
import { type Place, putPackages, removePackage } from "./package.js";

/**
 * Puts a package back to what it was before a write, once the files are as they were.
 *
 * @param existed - whether there was one
 */
export async function putPackageBack(
  file: string,
  network: Network,
  existed: boolean,
  place: Place,
): Promise<void> {
  if (!existed) {
    removePackage(network, noOrigins, place);
    return;
  }
  const declared = await loadTarget(file, { cwd: process.cwd(), note: () => {} }).then(
    ({ networks, origins }) => ({ networks, origins }),
    // What was taken back over a later change need not load.
    () => ({ networks: [], origins: noOrigins }),
  );
  putPackages(network, declared.networks, declared.origins, place, true);
}

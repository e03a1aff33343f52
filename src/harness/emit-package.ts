import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFiles } from "../disk/write-files.js";
import { emitNetwork } from "../emit/network.js";
import type { Network } from "../ir/network.js";

/**
 * Puts a network's package into its run. One that stands there is left alone: a resumed run goes
 * on with the code that it began with.
 *
 * @param source - base name of the declaring file; the network's own name where it is unknown
 * @throws FoveaError FOV0051 where the disk refuses
 */
export function emitPackage(network: Network, source: string | null, folder: string): void {
  if (existsSync(join(folder, "manifest.json"))) return;
  const origin = { source: source ?? network.name, command: `fovea run ${source ?? network.name}` };
  writeFiles(folder, emitNetwork(network, origin));
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFiles } from "../disk/write-files.js";
import { emitNetwork } from "../emit/network.js";
import type { Network } from "../ir/network.js";

/** Files of a package, relative to its folder. */
export type PackageFiles = Parameters<typeof writeFiles>[1];
export type PackageFile = PackageFiles[number];

/**
 * A network's package as its runs have it.
 *
 * @param source - base name of the declaring file; the network's own name where it is unknown
 * @param verb - the command that emits it
 */
export function packageOf(
  network: Network,
  source: string | null,
  verb: "run" | "sweep" = "run",
): PackageFiles {
  const origin = source ?? network.name;
  return emitNetwork(network, { source: origin, command: `fovea ${verb} ${origin}` });
}

/**
 * Puts a network's package into its run. One that stands there is left alone: a resumed run goes
 * on with the code that it began with.
 *
 * @param files - emits the package
 * @throws FoveaError FOV0051 where the disk refuses
 */
export function emitPackage(folder: string, files: () => PackageFiles): void {
  if (existsSync(join(folder, "manifest.json"))) return;
  writeFiles(folder, files());
}

import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { projectOf } from "../../disk/project-of.js";
import { editError, findEdits, type PackageState } from "../../emit/write-package.js";
import { Manifest } from "../../ir/manifest.js";
import type { Network } from "../../ir/network.js";
import type { FindOrigins } from "../../load/origins.js";
import { generatePackages } from "../generate/packages.js";
import { readTunedOption } from "../tuned-option.js";
import { retargetHome } from "./journal.js";

/** A network's package in a folder of packages. */
export interface Place {
  readonly out: string;
  readonly source: string;
  readonly tuned: string | undefined;
  readonly note: (text: string) => void;
}

/**
 * The folder of packages: the one that is named, else a `generated/` that has the network's, in
 * the current folder, the project's or the file's, else one of fovea's own.
 */
export function packagesFolder(out: string | undefined, file: string, name: string): string {
  if (out !== undefined) return resolve(out);
  const folders = [process.cwd(), projectOf(file), dirname(file)].map((each) =>
    join(each, "generated"),
  );
  const known = folders.find((folder) => existsSync(join(folder, name, "manifest.json")));
  return known ?? join(retargetHome(file), "generated");
}

/** Refuses a package that was edited by hand since it was emitted; shows the edits. */
export function refuseHandEdits(network: Network, origins: FindOrigins, place: Place): void {
  if (!existsSync(join(place.out, network.name, "manifest.json"))) return;
  const standing = generatePackages({
    ...generation(network, origins, place),
    check: true,
    force: false,
  });
  const [first, ...others] = standing.packages.flatMap(findEdits);
  if (first === undefined) return;
  for (const { change } of [first, ...others]) place.note(change);
  throw editError([first, ...others]);
}

/**
 * Emits a network's package, and those of the file's other networks that stand beside it: lines of
 * provenance may have moved. Files that are the same already are not written.
 *
 * @param networks - all that the file declares
 * @returns how the network's own package stood before
 */
export function putPackages(
  network: Network,
  networks: readonly Network[],
  origins: FindOrigins,
  place: Place,
  force: boolean,
): PackageState {
  const beside = networks.filter(
    ({ name }) => name !== network.name && existsSync(join(place.out, name, "manifest.json")),
  );
  const all = [network, ...beside];
  const { packages } = generatePackages({
    ...generation(network, origins, place),
    networks: all,
    check: false,
    force,
  });
  const [state] = packages;
  if (state === undefined) throw new TypeError("one network has one package");
  return state;
}

/** Removes what was emitted of a package, and the folder where nothing else is in it. */
export function removePackage(network: Network, origins: FindOrigins, place: Place): void {
  const dir = join(place.out, network.name);
  const { files } = Manifest.parse(JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")));
  for (const path of [...files.map((each) => each.path), "manifest.json"]) {
    rmSync(join(dir, path), { force: true });
  }
  for (const folder of [join(dir, "kernels"), dir]) {
    rmSync(join(folder, "__pycache__"), { recursive: true, force: true });
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
  // The folder's index is made of the packages that are left.
  generatePackages({
    ...generation(network, origins, place),
    networks: [],
    check: false,
    force: true,
  });
}

function generation(network: Network, origins: FindOrigins, { out, source, tuned, note }: Place) {
  return { source, networks: [network], origins, out, tuned: readTunedOption(tuned), note };
}

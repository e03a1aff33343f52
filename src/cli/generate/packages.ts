import { basename, join, resolve } from "node:path";
import { comparePackages, putPackages, type Standing } from "../../harness/put-packages.js";
import { type WantedPackage, wantedPackage } from "../../harness/wanted-package.js";
import { FoveaError, type Network } from "../../ir/index.js";
import type { FindOrigins } from "../../load/origins.js";
import { planNetwork } from "../../plan/network.js";
import { namingTable, type TunedOption, tunedEntries } from "../tuned-option.js";
import { commandLine } from "./command-line.js";

/** What `fovea generate` is to do. */
export interface Generation {
  /** Base name of the user's file, or the shipped network's name. */
  readonly source: string;
  readonly networks: readonly Network[];
  /** Where the networks and their mixers were declared. */
  readonly origins: FindOrigins;
  /** Folder that holds a folder a network. */
  readonly out: string;
  /** What `--tuned` names. */
  readonly tuned: TunedOption | undefined;
  /** Compare only. */
  readonly check: boolean;
  /** Overwrite what was edited by hand. */
  readonly force: boolean;
  /** Shows the user an edit that is in the way. */
  readonly note: (text: string) => void;
}

/**
 * Puts the packages of networks and the index of their folder right, or only compares.
 *
 * @returns how the disk stood against what is emitted, a package a network
 * @throws FoveaError FOV0005 for two networks of one name, and those of {@link putPackages}
 */
export function generatePackages(generation: Generation): Standing {
  const { networks, check, force, note } = generation;
  refuseSameNames(networks);
  const out = resolve(generation.out);
  const wanted = networks.map((network) => packageFor(network, out, generation));
  return check ? comparePackages(out, wanted) : putPackages(out, wanted, { force, note });
}

function packageFor(
  network: Network,
  out: string,
  { source, origins, tuned: option, check, note }: Generation,
): WantedPackage {
  const { name } = network;
  const command = commandLine(["fovea", "generate", source]);
  const origin = { source, command, stages: declaredAt(network, origins) };
  const kernels = option === undefined ? [] : planNetwork(network).kernels;
  const tuned = tunedEntries(option, { name, kernels, note });
  const wanted = wantedPackage(network, join(out, name), { origin, tuned, isWritten: !check });
  return { ...wanted, emit: () => namingTable(option, wanted.emit) };
}

/** The line of each stage's mixer, with its file's base name: the same wherever the files lie. */
function declaredAt(network: Network, origins: FindOrigins): readonly (string | null)[] {
  const mixers = origins(network)?.mixers ?? [];
  return mixers.map((place) =>
    place === undefined ? null : `${basename(place.file)}:${place.line}`,
  );
}

function refuseSameNames(networks: readonly Network[]): void {
  const seen = new Set<string>();
  for (const { name } of networks) {
    if (seen.has(name)) {
      throw new FoveaError({
        code: "FOV0005",
        message: `two networks have the name ${name}, and would be written to one folder`,
        path: "name",
        value: name,
        fix: "give each network a name of its own",
      });
    }
    seen.add(name);
  }
}

import { join, resolve } from "node:path";
import type { EmittedFile } from "../../emit/emitted-file.js";
import { inspectPackage } from "../../emit/inspect-package.js";
import { emitNetwork } from "../../emit/network.js";
import { editError, findEdits, type PackageState, writePackage } from "../../emit/write-package.js";
import { FoveaError, type Network } from "../../ir/index.js";
import { planNetwork } from "../../plan/network.js";
import { type TunedOption, withTuned } from "../tuned-option.js";
import { commandLine } from "./command-line.js";

/** What `fovea generate` is to do. */
export interface Generation {
  /** Base name of the user's file, or the shipped network's name. */
  readonly source: string;
  readonly networks: readonly Network[];
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

interface Package extends PackageState {
  readonly emitted: readonly EmittedFile[];
}

/**
 * Emits every network and puts the disk right, or only compares. Nothing is written before all
 * packages are emitted and no edit by hand is in the way.
 *
 * @returns how the disk stood against what is emitted, a package a network
 */
export function generatePackages(generation: Generation): PackageState[] {
  const { source, networks, out, tuned, check, force, note } = generation;
  refuseSameNames(networks);
  const command = commandLine(["fovea", "generate", source]);
  const packages = networks.map((network): Package => {
    const { name } = network;
    const dir = resolve(join(out, name));
    const { kernels } = planNetwork(network);
    const emitted = withTuned(tuned, { name, kernels, note }, (entries) =>
      emitNetwork(network, { source, command }, { tuned: entries }),
    );
    return { name, dir, emitted, files: inspectPackage(dir, emitted) };
  });
  if (!check) {
    const [first, ...others] = force ? [] : packages.flatMap(findEdits);
    if (first !== undefined) {
      for (const { change } of [first, ...others]) note(change);
      throw editError([first, ...others]);
    }
    for (const each of packages) writePackage(each.emitted, each);
  }
  return packages.map(({ name, dir, files }) => ({ name, dir, files }));
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

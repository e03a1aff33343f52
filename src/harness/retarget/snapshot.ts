import { realpathSync } from "node:fs";
import { toSize } from "../../ir/grid.js";
import { canonicalJson } from "../../ir/hash.js";
import type { Network } from "../../ir/network.js";
import { type Declared, readDefaultExport } from "../../load/default-export.js";
import { loadFile } from "../../load/load-target.js";
import type { FindOrigins } from "../../load/origins.js";
import type { LoadContext } from "../../load/overlay.js";

/** A network that a file hands out, by the way to it from the module: `default[1]`, `small`. */
interface SeenNetwork {
  readonly at: string;
  readonly network: Network;
}

/** What a file declares and hands out, to be compared with what it declares after an edit. */
export interface Snapshot {
  readonly source: string;
  /** Absolute, as the user gave it. */
  readonly file: string;
  /** Real paths of all files of the user's that were read. */
  readonly files: readonly string[];
  readonly origins: FindOrigins;
  readonly declared: Declared;
  readonly networks: readonly SeenNetwork[];
  /** All else that is handed out, experiments without their networks, as canonical JSON. */
  readonly rest: string;
}

/** How deep in exported objects and lists networks are looked for. */
const DEPTH = 3;

/** @throws FoveaError with its place for every mistake in the file */
export async function takeSnapshot(
  target: string,
  cwd: string,
  context: LoadContext,
): Promise<Snapshot> {
  const { source, file, files, origins, found } = await loadFile(target, cwd, read, context);
  const real = files.map((each) => realpathSync(each));
  return { source, file, files: [...new Set(real)], origins, ...found };
}

function read(exports: object): Pick<Snapshot, "declared" | "networks" | "rest"> {
  const declared = readDefaultExport(exports);
  const networks: SeenNetwork[] = declared.trainables.flatMap((each, index) =>
    each.kind === "network" ? [{ at: `default[${index}]`, network: each }] : [],
  );
  const rest: unknown[] = [declared.trainables.length];
  const { experiment, sweep } = declared;
  if (experiment !== null) rest.push({ ...experiment, network: null });
  for (const point of sweep?.points ?? []) rest.push({ ...point.experiment, network: null });
  for (const [name, value] of Object.entries(exports)) {
    if (name !== "default") collect(value, name, networks, rest, DEPTH);
  }
  return { declared, networks, rest: canonicalJson(rest) };
}

function collect(
  value: unknown,
  at: string,
  networks: SeenNetwork[],
  rest: unknown[],
  depth: number,
): void {
  if (typeof value !== "object" || value === null || depth === 0) return;
  const { kind } = value as { kind?: unknown };
  if (kind === "network") networks.push({ at, network: value as Network });
  else if (kind === "experiment") {
    const { network } = value as { network?: unknown };
    rest.push({ ...value, network: null });
    collect(network, `${at}.network`, networks, rest, depth);
  } else if (kind === undefined) {
    for (const [key, each] of Object.entries(value)) {
      collect(each, `${at}.${key}`, networks, rest, depth - 1);
    }
  }
}

/** A way to a value of a network whose parts are compared one by one: `mixers[1].kernel[0]`. */
export type Leaf = string;

/** Stands for everything outside the networks. */
const REST: Leaf = "rest";

/** Every value of a network by its way; kernels and image sizes are pairs, grids are whole. */
function leavesOf(network: Network): ReadonlyMap<Leaf, string> {
  const leaves = new Map<Leaf, string>();
  const walk = (value: unknown, at: string, key: string): void => {
    const whole = key === "rows" || key === "columns";
    if (typeof value !== "object" || value === null || whole) {
      leaves.set(at, canonicalJson(value));
    } else if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) walk(each, `${at}[${index}]`, "");
      leaves.set(`${at}.length`, String(value.length));
    } else {
      for (const [name, each] of Object.entries(value)) {
        const pair = name === "kernel" || (at === "input" && name === "size");
        walk(pair ? toSize(each) : each, at === "" ? name : `${at}.${name}`, name);
      }
    }
  };
  walk(network, "", "");
  return leaves;
}

/** What differs: leaves by the index of the network, and {@link REST}. */
export interface Change {
  readonly network: number | undefined;
  readonly leaf: Leaf;
}

/** What differs between two snapshots of one file. */
export function changesBetween(before: Snapshot, after: Snapshot): readonly Change[] {
  const changes: Change[] = [];
  if (before.rest !== after.rest || before.networks.length !== after.networks.length) {
    changes.push({ network: undefined, leaf: REST });
  }
  for (const [index, { at, network }] of before.networks.entries()) {
    const other = after.networks[index];
    if (other?.at !== at) {
      changes.push({ network: undefined, leaf: REST });
      continue;
    }
    for (const leaf of differingLeaves(network, other.network))
      changes.push({ network: index, leaf });
  }
  return changes;
}

export function differingLeaves(before: Network, after: Network): readonly Leaf[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter(
    (leaf) => old.get(leaf) !== now.get(leaf),
  );
}

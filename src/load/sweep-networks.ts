import { contentHash } from "../ir/hash.js";
import type { Sweep } from "../ir/sweep.js";
import type { Trainable } from "../ir/trainable.js";

/** The networks of a sweep as commands that take networks see them. */
interface SweepNetworks {
  /** Each once, under names of their own. */
  readonly trainables: readonly Trainable[];
  /** Which got other names, in words, a line a name; empty where none did. */
  readonly notes: readonly string[];
}

/** Longest name of a network. */
const MOST = 64;

/**
 * The distinct networks of a sweep, in the order of its points. An axis of kernels makes networks
 * of one name; the first keeps it, the others become `name_2`, `name_3`, …, past names that are
 * taken. The sweep's own experiments keep their names.
 */
export function sweepNetworks({ points }: Sweep): SweepNetworks {
  const hashes = new Map<Trainable, string>();
  for (const { experiment } of points) {
    if (!hashes.has(experiment.network)) {
      hashes.set(experiment.network, contentHash(experiment.network));
    }
  }
  const distinct = [...new Map([...hashes].map(([network, hash]) => [hash, network])).values()];
  const taken = new Set(distinct.map(({ name }) => name));
  const names = new Map<string, string[]>();
  const trainables = distinct.map((network) => {
    const { name } = network;
    const before = names.get(name);
    const own = before === undefined ? name : freeName(name, before.length + 1, taken);
    taken.add(own);
    names.set(name, [...(before ?? []), own]);
    return own === name ? network : Object.freeze({ ...network, name: own });
  });
  return { trainables, notes: [...names.values()].flatMap(told) };
}

function freeName(name: string, least: number, taken: ReadonlySet<string>): string {
  for (let number = least; ; number += 1) {
    const ending = `_${number}`;
    const own = `${name.slice(0, MOST - ending.length)}${ending}`;
    if (!taken.has(own)) return own;
  }
}

function told(names: readonly string[]): readonly string[] {
  const [first = "", ...others] = names;
  const last = others.at(-1);
  if (last === undefined) return [];
  const are = others.length === 1 ? "the other is" : "the others are";
  const range = others.length > 2 ? `${others[0]} to ${last}` : others.join(" and ");
  return [
    `${names.length} networks of the sweep have the name ${first}: the first keeps it here, ${are} ${range}, in the order of its runs`,
  ];
}

import { FoveaError, type GridPair, type Size } from "../../ir/index.js";
import { launchConstants } from "./launches.js";
import type { TunedEntry, TunedTable } from "./tuned.js";

/** The entries for a pair of grids on the maps that its kernel is planned for, sorted. */
export function tunedFor(table: TunedTable, pair: GridPair, maps: readonly Size[]): TunedTable {
  const planned = new Set(maps.map(String));
  return sortTuned(
    table.filter(
      ({ rows, columns, map }) =>
        String(rows) === String(pair.rows) &&
        String(columns) === String(pair.columns) &&
        planned.has(String(map)),
    ),
  );
}

/** Sorted by what entries are for: architecture, dtype, grids, map from small to large, batch. */
export function sortTuned(table: TunedTable): TunedEntry[] {
  const words = ({ arch, dtype, rows, columns }: TunedEntry): string =>
    JSON.stringify([arch, dtype, rows, columns]);
  return [...table].sort((a, b) => {
    const [first, second] = [words(a), words(b)];
    if (first !== second) return first < second ? -1 : 1;
    return a.map[0] - b.map[0] || a.map[1] - b.map[1] || a.batch - b.batch;
  });
}

/** An entry as an item of `_TUNED`: key and value as Python. */
export interface TunedText {
  readonly key: string;
  readonly launches: string;
}

/**
 * Prints an entry, its launches and their constants in the kernel's own order.
 *
 * @param names - the launches of the kernel
 * @param kernel - the kernel's name
 * @throws FoveaError FOV0040 where it has launches that the kernel does not have
 */
export function tunedText(entry: TunedEntry, names: readonly string[], kernel: string): TunedText {
  const strange = Object.keys(entry.launches).filter((name) => !names.includes(name));
  if (strange.length > 0) throw unknownLaunches(entry, strange, names, kernel);
  const launches = names.flatMap((name) => {
    const launch = entry.launches[name];
    if (launch === undefined) return [];
    const constants = launchConstants(name)?.map((constant) => [constant, launch[constant]]) ?? [];
    return [[name, Object.fromEntries(constants)]];
  });
  const { arch, dtype, map, batch } = entry;
  return {
    key: `("${arch}", "${dtype}", ${map[0]}, ${map[1]}, ${batch})`,
    launches: JSON.stringify(Object.fromEntries(launches)),
  };
}

function unknownLaunches(
  entry: TunedEntry,
  strange: readonly string[],
  names: readonly string[],
  kernel: string,
): FoveaError {
  const { arch, dtype, map, batch } = entry;
  return new FoveaError({
    code: "FOV0040",
    message: `the tuned entry for ${arch}, ${dtype}, ${map.join("x")}, batch ${batch} has launches that ${kernel} does not have: ${strange.join(", ")}`,
    path: "launches",
    value: strange,
    allowed: names.join(", "),
    fix: "measure again with `fovea tune`, or remove them",
  });
}

import { FoveaError } from "../ir/error.js";
import { nearest } from "../ir/nearest.js";
import type { Network } from "../ir/network.js";

/** Where networks were found. */
interface Found {
  /** Base name of the file, or the shipped name. */
  readonly source: string;
  /** Absolute; `null` for what is shipped. */
  readonly file: string | null;
}

/**
 * The index of the network that `--network` names, or of the only one there is.
 *
 * @throws FoveaError FOV0040 where none has that name, or there are several and none is named;
 *   FOV0034 where there is none at all
 */
export function chooseNetwork(
  networks: readonly Network[],
  name: string | undefined,
  { source, file }: Found,
): number {
  const names = networks.map((network) => network.name);
  if (name !== undefined && names.length > 0) {
    const index = names.indexOf(name);
    if (index >= 0) return index;
    throw new FoveaError({
      code: "FOV0040",
      message: `${source} has no network ${name}`,
      path: "--network",
      value: name,
      allowed: names.join(", "),
      fix: `write --network ${nearest(name, names, 1)[0] ?? names[0]}`,
    });
  }
  if (names.length === 1) return 0;
  throw new FoveaError({
    code: names.length === 0 ? "FOV0034" : "FOV0040",
    message:
      names.length === 0
        ? `${source} declares no network`
        : `${source} has ${names.length} networks`,
    path: "--network",
    allowed: names.length === 0 ? "a network, or an experiment with one" : names.join(", "),
    fix: names.length === 0 ? "name a file with a network" : `write --network ${names[0]}`,
    ...(file === null ? {} : { location: { file } }),
  });
}

import { basename, resolve } from "node:path";
import { isFoveaError } from "../../ir/error.js";
import type { Network } from "../../ir/network.js";
import type { Peer } from "../../ir/peer.js";
import { isPeer } from "../../ir/trainable.js";
import { type AnyTarget, loadAnyTarget } from "../../load/load-target.js";
import { peerPlace } from "../../load/peer-place.js";
import { isEmitted, withEmitted } from "../verify/targets.js";
import { optionMistake } from "../whole.js";

/** A network that was named on the command line: a generated package, or a model of timm. */
export interface Named {
  readonly name: string;
  /** The package's folder; `null` for a peer. */
  readonly package: string | null;
  readonly peer: Peer | null;
}

/**
 * Hands `use` the networks that a word names: a shipped network, a declaration, a generated package
 * or `timm:NAME`. What is declared is emitted into a folder that is gone afterwards.
 *
 * @param option - `--network` or TARGET, for messages
 * @throws FoveaError FOV0040 for a kernel file, and those of loading; what Python finds wrong with a
 *   peer is told at its place in the user's file
 */
export async function withNamed<T>(
  written: string,
  cwd: string,
  option: string,
  use: (named: readonly Named[]) => Promise<T>,
): Promise<T> {
  const path = resolve(cwd, written);
  if (isEmitted(path)) {
    if (path.endsWith(".py")) {
      throw optionMistake(option, written, "this is a kernel file, not a network", {
        fix: "name a shipped network, a declaration, a generated package or timm:NAME",
      });
    }
    return await use([{ name: basename(path), package: path, peer: null }]);
  }
  const target = await loadAnyTarget(written, { cwd });
  const networks = target.trainables.filter((each): each is Network => !isPeer(each));
  try {
    return await withEmitted(networks, target.source, (packages) =>
      use(
        target.trainables.map((each) => ({
          name: each.name,
          package: isPeer(each) ? null : (packages[networks.indexOf(each)] ?? null),
          peer: isPeer(each) ? each : null,
        })),
      ),
    );
  } catch (error) {
    throw atItsPlace(error, target);
  }
}

/** What Python says of a peer, with the place where the peer is declared. */
function atItsPlace(error: unknown, target: AnyTarget): unknown {
  if (!isFoveaError(error) || error.code !== "FOV0062") return error;
  if (error.details.location !== undefined) return error;
  const peer = target.trainables
    .filter(isPeer)
    .find(({ model }) => `timm:${model}` === error.details.value);
  const location = peer && peerPlace(peer, target);
  return location === undefined ? error : error.with({ location });
}

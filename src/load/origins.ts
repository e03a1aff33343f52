import type { DeclaringCall } from "../dsl/origin.js";
import { contentHash } from "../ir/hash.js";
import type { Network } from "../ir/network.js";
import { firstUserFrame, type Place } from "./frames.js";
import type { UserSources } from "./user-sources.js";

/** A call of the DSL in a user's file; its column is that of the function's name or of a place behind it, up to the bracket. */
export interface CallPlace extends Place {
  /** The function's name as users write it: `network`, `pelk`, `peripheral`, … */
  readonly what: string;
}

/** The calls that declared a network and its mixers. */
interface NetworkOrigins {
  readonly call: CallPlace;
  /**
   * One for each stage: the innermost call in the user's own files, which for a preset's mixer is
   * the call of the preset; `undefined` where none made it.
   */
  readonly mixers: readonly (CallPlace | undefined)[];
}

/** Finds the calls that declared what a file exports. */
export type FindOrigins = (network: Network) => NetworkOrigins | undefined;

/** For what is shipped: no file of the user's declares it. */
export const noOrigins: FindOrigins = () => undefined;

/**
 * @param calls - what was recorded while the file was loaded
 * @param asGiven - paths as the user gave them
 */
export function originsIn(
  calls: readonly DeclaringCall[],
  sources: UserSources,
  asGiven: (path: string) => string,
): FindOrigins {
  const place = ({ what, stack }: DeclaringCall): CallPlace | undefined => {
    const found = firstUserFrame(stack, sources);
    return found && { what, ...found, file: asGiven(found.file) };
  };
  let byHash: ReadonlyMap<string, DeclaringCall> | undefined;
  return (network) => {
    // Of equal declarations the last counts.
    byHash ??= new Map(calls.filter(isNetwork).map((call) => [contentHash(call.declared), call]));
    const found = byHash.get(contentHash(network));
    const call = found && place(found);
    if (found === undefined || call === undefined) return undefined;
    return { call, mixers: found.mixers.map((each) => each && place(each)) };
  };
}

function isNetwork({ declared }: DeclaringCall): boolean {
  return "depths" in declared;
}

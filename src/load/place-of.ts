import { readFileSync } from "node:fs";
import type { SourceLocation } from "../ir/error.js";
import type { Network } from "../ir/network.js";
import type { FindOrigins } from "./origins.js";

/** Where a value of a declared network stands, and where it is written if that is elsewhere. */
export interface DeclaredPlace {
  readonly location: SourceLocation;
  readonly written?: SourceLocation;
}

/**
 * Finds where a value of a network was declared in the user's files.
 *
 * @param path - the way to it from the network, such as `mixers[0].branch`
 * @returns `undefined` for what no file of the user's declares
 */
export async function placeOf(
  network: Network,
  path: string,
  origins: FindOrigins,
): Promise<DeclaredPlace | undefined> {
  const found = origins(network);
  if (found === undefined) return undefined;
  const [, stage, leaf = ""] = /^mixers\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
  const mixer = stage === undefined ? undefined : found.mixers[Number(stage)];
  const [call, way] = mixer === undefined ? [found.call, path] : [mixer, leaf];
  const { WrittenSource } = await import("../retarget/locate.js");
  const source = new WrittenSource(readFileSync(call.file, "utf8"), call.file);
  const place = source.option(call, way);
  const written = way === "" ? undefined : source.origin(call, way, []);
  const { file, line, column } = call;
  return { location: { file, line, column, ...place }, ...(written && { written }) };
}

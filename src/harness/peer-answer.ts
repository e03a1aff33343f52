import { z } from "zod";
import { valueAt } from "../dsl/place.js";
import { FoveaError, type SourceLocation } from "../ir/error.js";
import type { Size } from "../ir/grid.js";
import type { Peer } from "../ir/peer.js";
import { type Python, probePython, requireTrainable } from "../launch/python.js";

/** What Python prints where timm cannot build one of the peers. */
const Refusal = z.object({
  error: z.object({
    /** Which of the peers. */
    index: z.int().min(0),
    message: z.string(),
    /** The option of `timm()` that is wrong. */
    path: z.string(),
    allowed: z.string().nullable(),
    fix: z.string(),
  }),
});

/** What Python was asked about. */
export interface Asked {
  readonly peers: readonly Peer[];
  /** `--size`, in place of the peers' own. */
  readonly size?: Size | undefined;
  /** Where a peer was written, for a mistake that Python finds in it. */
  readonly place?: ((peer: Peer) => SourceLocation | undefined) | undefined;
}

/** The document on the last line of Python's output: a wrapper script may print before it. */
export function lastDocument(stdout: string | undefined): unknown {
  try {
    return JSON.parse(stdout?.trim().split("\n").at(-1) ?? "");
  } catch {
    return null;
  }
}

/**
 * The user's mistake that Python found in a peer; `undefined` where the document is something else.
 */
export function peerMistake(
  document: unknown,
  { peers, size, place }: Asked,
): FoveaError | undefined {
  const refusal = Refusal.safeParse(document);
  const peer = refusal.success ? peers[refusal.data.error.index] : undefined;
  if (!refusal.success || peer === undefined) return undefined;
  const { message, path, allowed, fix } = refusal.data.error;
  const isSize = size !== undefined && path === "input.size";
  const location = place?.(peer);
  return new FoveaError({
    code: "FOV0062",
    message: isSize ? `--size ${size.join("x")}: ${message}` : message,
    path: isSize ? "--size" : path,
    value: isSize ? size.join("x") : valueAt(peer, path.split(".")),
    ...(allowed === null ? {} : { allowed }),
    fix: isSize ? "write another --size, or leave it out" : fix,
    ...(location === undefined ? {} : { location }),
  });
}

/**
 * A failure of Python itself.
 *
 * @param what - what it was to do
 * @throws FoveaError FOV0060 where a package is missing: that is why
 */
export async function pythonFailure(
  python: Python,
  what: string,
  stderr: string,
): Promise<FoveaError> {
  requireTrainable(python, await probePython(python));
  const said = stderr.trim().split("\n").at(-1) || "it says nothing";
  return new FoveaError({
    code: "FOV0060",
    message: `${what} failed in Python: ${said}`,
    value: python.command,
    fix: "see `fovea doctor`",
  });
}

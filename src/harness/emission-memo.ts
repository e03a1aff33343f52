import { readFileSync, realpathSync } from "node:fs";
import { z } from "zod";
import type { EmittedFile } from "../emit/emitted-file.js";
import { contentHash, sha256 } from "../ir/hash.js";
import { CacheFolder } from "./cache-folder.js";
import { emitterDigest } from "./emitter-digest.js";

/** What was emitted into a package's folder the last time, and from what. */
const Memo = z.strictObject({
  /** SHA-256 of all that the files depend on. */
  inputs: z.string(),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
});
type EmittedHashes = z.infer<typeof Memo>["files"];

const CACHE = new CacheFolder("emitted", 2000);

/**
 * The hashes of what would be emitted, where the same inputs were emitted into this folder before;
 * `undefined` where they were not, and the files have to be emitted to know.
 *
 * @param inputs - all that what is emitted depends on beside fovea itself
 */
export function recallEmission(dir: string, inputs: unknown): EmittedHashes | undefined {
  try {
    const memo = Memo.parse(JSON.parse(readFileSync(CACHE.path(nameOf(dir)), "utf8")));
    return memo.inputs === keyOf(inputs) ? memo.files : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the hashes for {@link recallEmission}. */
export function rememberEmission(
  dir: string,
  inputs: unknown,
  files: readonly EmittedFile[],
): void {
  const hashes = files.map(({ path, text }) => ({ path, sha256: sha256(text) }));
  CACHE.put(nameOf(dir), JSON.stringify({ inputs: keyOf(inputs), files: hashes }));
}

function keyOf(inputs: unknown): string {
  return contentHash([emitterDigest(), inputs]);
}

/** One file for each folder, so that they do not grow in number with what is emitted. */
function nameOf(dir: string): string {
  return `${sha256(realpathSync(dir))}.json`;
}

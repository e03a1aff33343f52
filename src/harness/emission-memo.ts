import { readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFiles } from "../disk/write-files.js";
import type { EmittedFile } from "../emit/emitted-file.js";
import { contentHash, sha256 } from "../ir/hash.js";
import { cacheDirectory } from "../launch/cache-dir.js";
import { emitterDigest } from "./emitter-digest.js";

/** What was emitted into a package's folder the last time, and from what. */
const Memo = z.strictObject({
  /** SHA-256 of all that the files depend on. */
  inputs: z.string(),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
});
type EmittedHashes = z.infer<typeof Memo>["files"];

/** So many folders' are kept. */
const MOST = 2000;

/**
 * The hashes of what would be emitted, where the same inputs were emitted into this folder before;
 * `undefined` where they were not, and the files have to be emitted to know.
 *
 * @param inputs - all that what is emitted depends on beside fovea itself
 */
export function recallEmission(dir: string, inputs: unknown): EmittedHashes | undefined {
  try {
    const memo = Memo.parse(JSON.parse(readFileSync(join(memoFolder(), memoName(dir)), "utf8")));
    return memo.inputs === keyOf(inputs) ? memo.files : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the hashes for {@link recallEmission}; where the cache refuses, the next call emits again. */
export function rememberEmission(
  dir: string,
  inputs: unknown,
  files: readonly EmittedFile[],
): void {
  const hashes = files.map(({ path, text }) => ({ path, sha256: sha256(text) }));
  try {
    const text = JSON.stringify({ inputs: keyOf(inputs), files: hashes });
    writeFiles(memoFolder(), [{ path: memoName(dir), text }]);
    forgetOldest();
  } catch {
    // It saves time, and nothing depends on it.
  }
}

/** Packages are moved and removed; what was kept for them is of no use. */
function forgetOldest(): void {
  const files = readdirSync(memoFolder()).map((name) => join(memoFolder(), name));
  if (files.length <= MOST) return;
  const age = new Map(files.map((file) => [file, statSync(file).mtimeMs]));
  const oldest = files.sort((a, b) => (age.get(a) ?? 0) - (age.get(b) ?? 0));
  for (const file of oldest.slice(0, files.length - MOST / 2)) rmSync(file, { force: true });
}

function keyOf(inputs: unknown): string {
  return contentHash([emitterDigest(), inputs]);
}

function memoFolder(): string {
  return join(cacheDirectory(), "emitted");
}

/** One file for each folder, so that they do not grow in number with what is emitted. */
function memoName(dir: string): string {
  return `${sha256(realpathSync(dir))}.json`;
}

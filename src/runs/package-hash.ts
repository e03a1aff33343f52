import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash, sha256 } from "../ir/hash.js";
import type { RunRecord } from "../ir/run.js";

/** What Python leaves beside the files that it runs. */
const CACHES = "__pycache__";

/**
 * SHA-256 of the generated package that a run trains with, over its files' paths and content as
 * they are on the disk: one that was edited by hand is another.
 *
 * @returns `null` of a peer, which has none, and where it is gone
 */
export function packageHash(directory: string, { package: path }: RunRecord): string | null {
  if (path === null) return null;
  const folder = join(directory, path);
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.split(/[\\/]/).includes(CACHES))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (files.length === 0) return null;
    return contentHash(
      files.map((file) => [file.slice(folder.length + 1), sha256(readFileSync(file))]),
    );
  } catch {
    return null;
  }
}

import { readFileSync } from "node:fs";
import type { KernelCodes } from "../emit/kernel.js";
import { sha256 } from "../ir/hash.js";
import { CacheFolder } from "./cache-folder.js";
import { emitterDigest } from "./emitter-digest.js";

/** Some 80 KB each. */
const CACHE = new CacheFolder("kernels", 256);

/**
 * Kernels' code that other processes emitted: it depends on nothing of the user's but its grids,
 * maps and tuned entries.
 *
 * @param isWritten - whether what is emitted here is kept as well
 */
export function kernelCache(isWritten: boolean): KernelCodes {
  const nameOf = (key: string): string => `${sha256(`${emitterDigest()} ${key}`)}.py`;
  return {
    find(key) {
      try {
        const text = readFileSync(CACHE.path(nameOf(key)), "utf8");
        const end = text.indexOf("\n");
        const code = text.slice(end + 1);
        return text.slice(0, end) === sha256(code) ? code : undefined;
      } catch {
        return undefined;
      }
    },
    keep(key, code) {
      if (isWritten) CACHE.put(nameOf(key), `${sha256(code)}\n${code}`);
    },
  };
}

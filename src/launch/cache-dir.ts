import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where what is expensive and depends on nothing of the user's is kept: `FOVEA_CACHE`, else
 * `fovea` in the user's cache folder (contract, line 36). Nothing is made here.
 */
export function cacheDirectory(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const cache = env["FOVEA_CACHE"];
  if (cache !== undefined && cache !== "") return resolve(cache);
  const base = env["XDG_CACHE_HOME"];
  return join(base !== undefined && base !== "" ? base : join(homedir(), ".cache"), "fovea");
}

import { fileURLToPath } from "node:url";

/**
 * Folder of fovea's own package, without a slash at its end: two above this file in a checkout,
 * where it is built, and in the tarball.
 */
export const packageRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

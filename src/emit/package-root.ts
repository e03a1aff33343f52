import { fileURLToPath } from "node:url";

/** Root of fovea's own package: two folders above this file in a checkout and in the tarball. */
export const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

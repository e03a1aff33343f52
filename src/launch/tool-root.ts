import { fileURLToPath } from "node:url";

/** Folder of fovea's own package: the checkout, or `node_modules/fovea`. Ends without a slash. */
export const TOOL_ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

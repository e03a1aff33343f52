import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.js";

interface PackageJson {
  readonly version: string;
}

/** fovea's own version, from its package.json. */
export function foveaVersion(): string {
  const file = join(packageRoot, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as PackageJson).version;
}

import { readFileSync } from "node:fs";

interface PackageJson {
  readonly version: string;
}

/** fovea's own version, from its package.json (beside `src/` and `dist/` alike). */
export function foveaVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as PackageJson).version;
}

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../ir/package-root.js";
import { foveaVersion } from "../ir/version.js";

/** Folders of the running code that decide what is emitted. */
const CODE = ["ir", "analyse", "plan", "emit"] as const;

/** Libraries that do as well. */
const LIBRARIES = ["@astral-sh/ruff-wasm-nodejs", "handlebars"] as const;

let known: string | undefined;

/**
 * SHA-256 of all that emitted bytes depend on beside what is emitted: fovea's version, the code that
 * runs, the templates, the versions of the libraries.
 */
export function emitterDigest(): string {
  known ??= compute();
  return known;
}

function compute(): string {
  const hash = createHash("sha256").update(foveaVersion());
  const code = fileURLToPath(new URL("..", import.meta.url));
  const folders = [...CODE.map((name) => join(code, name)), join(packageRoot, "templates")];
  for (const folder of folders) {
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
      if (!/\.(?:js|ts|hbs)$/.test(path) || path.endsWith(".d.ts")) continue;
      hash.update(`\0${path}\0`).update(readFileSync(join(folder, path)));
    }
  }
  for (const library of LIBRARIES) hash.update(`\0${library} ${versionOf(library)}`);
  return hash.digest("hex");
}

/** The version in the `package.json` above a library's entry: libraries need not export it. */
function versionOf(library: string): string {
  const { resolve } = createRequire(import.meta.url);
  for (const folder of resolve.paths(library) ?? []) {
    const file = join(folder, library, "package.json");
    if (existsSync(file)) return String(JSON.parse(readFileSync(file, "utf8")).version);
  }
  throw new Error(`${library} is not installed`);
}

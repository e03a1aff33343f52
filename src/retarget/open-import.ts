import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { SourceFile } from "ts-morph";
import type { Parser } from "./nodes.js";
import type { OpenImport } from "./trace.js";

/** Endings that an import may leave out, in the order that they are looked for. */
const ENDINGS = [
  "",
  ".ts",
  ".mts",
  ".cts",
  ".js",
  ".mjs",
  ".cjs",
  ".json",
  "/index.ts",
  "/index.js",
];

/** Opens files that are imported by relative paths, and those of whole paths, from the disk. */
export function importOpener(parser: Parser): OpenImport {
  return (from, specifier) => {
    if (!/^\.{0,2}\//.test(specifier)) return undefined;
    const path = resolve(dirname(from.getFilePath()), specifier);
    // TypeScript's files are imported by the names of what is made of them.
    const stem = path.replace(/\.([cm]?)js$/, ".$1ts");
    for (const each of new Set([stem, ...ENDINGS.map((ending) => join(path + ending))])) {
      const file = open(parser, each);
      if (file !== undefined) return file;
    }
    return undefined;
  };
}

function open(parser: Parser, path: string): SourceFile | undefined {
  try {
    return parser.parse(path, readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

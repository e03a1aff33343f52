import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A file of a package, byte for byte. */
export interface ReadFile {
  /** Relative to the package's folder, with `/`. */
  readonly path: string;
  readonly text: Buffer;
}

/** All files below a folder but what Python compiles, by path; none where there is no folder. */
export function readPackageFiles(folder: string): readonly ReadFile[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return entries
    .map((path) => ({
      path: relative(folder, path).split(sep).join("/"),
      text: readFileSync(path),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function list(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.split(sep).includes("__pycache__"))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
}

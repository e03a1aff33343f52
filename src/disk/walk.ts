import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/** Visits every entry below a folder by its path with `/`; a folder before what it holds. */
export function walk(top: string, visit: (path: string, entry: Dirent) => void, below = ""): void {
  for (const entry of readdirSync(join(top, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    visit(path, entry);
    if (entry.isDirectory()) walk(top, visit, path);
  }
}

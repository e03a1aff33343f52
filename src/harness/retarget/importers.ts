import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";

const SOURCES = new Set([".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"]);
/** Folders of things that nobody edits by hand. */
const SKIPPED = new Set(["node_modules", "dist", "build", "coverage", "generated"]);
/** Files that a project is looked through for at most. */
const MOST = 2000;

const IMPORT = /(?:from|import|require)\s*\(?\s*["'](\.{1,2}\/[^"']*)["']/g;

/**
 * Files of a project that import one of some files, themselves or through others. Only relative
 * imports are followed.
 *
 * @param folder - the project's, a real path
 * @param files - real paths
 */
export function importersOf(folder: string, files: ReadonlySet<string>): readonly string[] {
  const imports = new Map<string, readonly string[]>();
  for (const file of sourcesIn(folder)) imports.set(file, importsOf(file));
  const reached = new Set(files);
  for (let size = 0; size !== reached.size; ) {
    size = reached.size;
    for (const [file, of] of imports) {
      if (of.some((each) => reached.has(each))) reached.add(file);
    }
  }
  return [...reached].filter((file) => imports.has(file) && !files.has(file));
}

function sourcesIn(root: string): readonly string[] {
  const found: string[] = [];
  const folders = [root];
  for (
    let folder = folders.pop();
    folder !== undefined && found.length < MOST;
    folder = folders.pop()
  ) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !entry.name.startsWith(".")) folders.push(path);
      } else if (entry.isFile() && SOURCES.has(extname(entry.name))) found.push(path);
    }
  }
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Paths that a file's relative imports may lead to. */
function importsOf(file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return [...text.matchAll(IMPORT)].flatMap(([, specifier = ""]) => {
    const path = resolve(dirname(file), specifier);
    const stem = path.replace(/\.([cm]?)js$/, "");
    return [
      path,
      ...[...SOURCES].flatMap((each) => [stem + each, path + each, join(path, `index${each}`)]),
    ];
  });
}

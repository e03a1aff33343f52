import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, parse, relative } from "node:path";

/** What marks the folder of a project; fovea's own `.fovea` does not, since writing makes one. */
const MARKS = ["package.json", "tsconfig.json", ".git"];

/**
 * The folder of the project that a file belongs to: the nearest with one of the marks, else the
 * current folder where the file lies below it, else the file's own.
 *
 * @param file - absolute
 */
export function projectOf(file: string, cwd: string = process.cwd()): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (MARKS.some((each) => existsSync(join(folder, each)))) return folder;
    if (dirname(folder) === folder) break;
  }
  const inside = relative(cwd, file);
  const below = !inside.startsWith("..") && !isAbsolute(inside) && cwd !== parse(cwd).root;
  return below ? cwd : dirname(file);
}

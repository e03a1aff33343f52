import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** What marks the folder of a project. */
const MARKS = ["package.json", "tsconfig.json", ".git"];

/** The folder of the project that a file belongs to: the nearest with one of the marks, else its own. */
export function projectOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (MARKS.some((each) => existsSync(join(folder, each)))) return folder;
    if (dirname(folder) === folder) return dirname(file);
  }
}

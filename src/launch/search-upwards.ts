import { dirname, resolve } from "node:path";

/** The nearest folder from `start` upwards for which `test` holds, or `null`. */
export function searchUpwards(start: string, test: (folder: string) => boolean): string | null {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (test(folder)) return folder;
    if (dirname(folder) === folder) return null;
  }
}

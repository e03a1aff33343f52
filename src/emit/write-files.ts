import { mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { diskError } from "./disk-error.js";
import type { EmittedFile } from "./emitted-file.js";

/**
 * Writes files below a folder, all or none as far as a file system allows: each is written beside
 * its place, then all are renamed. Folders are made as needed.
 *
 * @throws FoveaError FOV0051 with the path and the system's reason; what was begun is removed
 */
export function writeFiles(folder: string, files: readonly EmittedFile[]): void {
  const waiting: { readonly temporary: string; readonly path: string }[] = [];
  const made: string[] = [];
  let path = folder;
  try {
    for (const file of files) {
      path = join(folder, file.path);
      const first = mkdirSync(dirname(path), { recursive: true });
      if (first !== undefined) made.push(...foldersBetween(first, dirname(path)));
      const temporary = `${path}.${process.pid}.tmp`;
      waiting.push({ temporary, path });
      writeFileSync(temporary, file.text, { flag: "wx" });
    }
    for (const each of waiting) {
      path = each.path;
      renameSync(each.temporary, path);
    }
  } catch (error) {
    for (const { temporary } of waiting) rmSync(temporary, { force: true });
    for (const empty of made.reverse()) removeIfEmpty(empty);
    throw diskError(error, path);
  }
}

/** The folders from `first` down to `last`, both included. */
function foldersBetween(first: string, last: string): string[] {
  const folders = [last];
  let folder = last;
  while (folder !== first && dirname(folder) !== folder) {
    folder = dirname(folder);
    folders.unshift(folder);
  }
  return folders;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something by now, or is gone: neither is ours to mend.
  }
}

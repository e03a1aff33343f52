import { lstatSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { diskError } from "./disk-error.js";
import { makeFolder } from "./make-folder.js";
import { writeBeside } from "./write-beside.js";

export interface NewFile {
  /** Relative to the folder that it is written into. */
  readonly path: string;
  readonly text: string | Uint8Array;
}

/**
 * Writes files below a folder, all or none as far as a file system allows: each is written beside
 * its place, then all are renamed. Folders are made as needed.
 *
 * @throws FoveaError FOV0051 with the path and the system's reason; what was begun is removed
 */
export function writeFiles(folder: string, files: readonly NewFile[]): void {
  const waiting: { readonly temporary: string; readonly path: string }[] = [];
  const made: string[] = [];
  let path = folder;
  try {
    for (const file of files) {
      path = join(folder, file.path);
      makeFolder(dirname(path), made);
      waiting.push({ temporary: writeBeside(path, file.text, false), path });
    }
    for (const each of waiting) {
      path = each.path;
      renameSync(each.temporary, path);
    }
  } catch (error) {
    for (const { temporary } of waiting) tryTo(() => rmSync(temporary));
    for (const folder of made.reverse()) tryTo(() => rmdirSync(folder));
    throw diskError(error, path);
  }
}

/**
 * Writes one file as {@link writeFiles} does. What stands there and is no ordinary file (a device,
 * a pipe, a symbolic link) is written through: a rename would put a file in its place.
 *
 * @param file - absolute
 * @throws FoveaError FOV0051
 */
export function writeFile(file: string, text: string | Uint8Array): void {
  if (!existsAsOther(file)) {
    writeFiles(dirname(file), [{ path: basename(file), text }]);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw diskError(error, file);
  }
}

function existsAsOther(file: string): boolean {
  try {
    return !lstatSync(file).isFile();
  } catch {
    return false;
  }
}

/** Cleans up what may not be there; the first failure is the one to report. */
function tryTo(action: () => void): void {
  try {
    action();
  } catch {
    // It was never made, or holds something else by now.
  }
}

import { resolve } from "node:path";
import { writeFile } from "../../disk/write-files.js";
import {
  isComparable,
  mergeTuned,
  readTunedFileIfAny,
  tunedFileText,
} from "../../harness/tuned-file.js";
import { isFoveaError } from "../../ir/error.js";
import type { TunedFile } from "../../plan/triton/tuned.js";
import { entriesText } from "./document.js";

/**
 * Puts what was found into the table of `file`, and tells of entries that leave it.
 *
 * @param isOwn - whether the file is the cache's: one that cannot be read is then made anew
 * @throws FoveaError FOV0040 where a file of the user's is no table, FOV0051 where the disk refuses
 */
export function writeTable(
  file: string,
  found: TunedFile,
  { isOwn, note }: { readonly isOwn: boolean; readonly note: (text: string) => void },
): void {
  const older = readOlder(file, isOwn, note);
  if (older !== undefined && !isComparable(older, found)) {
    note(`${file}: left out ${entriesText(older.entries)} of another device or other versions`);
  }
  writeFile(resolve(file), tunedFileText(mergeTuned(older, found)));
}

function readOlder(
  file: string,
  isOwn: boolean,
  note: (text: string) => void,
): TunedFile | undefined {
  try {
    return readTunedFileIfAny(file, "--out");
  } catch (error) {
    if (!isOwn || !isFoveaError(error)) throw error;
    note(`${file} is no table, and is made anew`);
    return undefined;
  }
}

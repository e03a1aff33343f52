import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const MOST = 64 * 1024;

/**
 * The last lines of a log that are not empty, oldest first; none where there is no log.
 *
 * @param since - bytes at its beginning that do not count
 */
export function lastLines(path: string, count: number, since = 0): readonly string[] {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return [];
  }
  try {
    const size = fstatSync(file).size;
    const bytes = Buffer.alloc(Math.min(Math.max(0, size - since), MOST));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes
      .toString("utf8")
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .slice(-count);
  } finally {
    closeSync(file);
  }
}

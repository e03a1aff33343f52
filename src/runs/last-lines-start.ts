import { closeSync, openSync, readSync } from "node:fs";

const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Where the last lines of a file begin. The file is read once, in a flat amount of memory; a last
 * line without its newline is none.
 *
 * @returns the bytes and the lines before them; nothing where there is no file that can be read
 */
export function lastLinesStart(
  path: string,
  count: number,
): { readonly skip: number; readonly line: number } {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return { skip: 0, line: 0 };
  }
  try {
    // Beginnings of the last lines, in a ring: the one of line n is at n modulo its size.
    const starts = new Float64Array(count + 1);
    const chunk = Buffer.allocUnsafe(CHUNK);
    let lines = 0;
    let position = 0;
    for (;;) {
      const bytes = readSync(file, chunk, 0, CHUNK, position);
      if (bytes === 0) break;
      const read = chunk.subarray(0, bytes);
      for (let at = read.indexOf(NEWLINE); at !== -1; at = read.indexOf(NEWLINE, at + 1)) {
        lines += 1;
        starts[lines % (count + 1)] = position + at + 1;
      }
      position += bytes;
    }
    const line = Math.max(0, lines - count);
    return { skip: line === 0 ? 0 : (starts[line % (count + 1)] ?? 0), line };
  } catch {
    return { skip: 0, line: 0 };
  } finally {
    closeSync(file);
  }
}

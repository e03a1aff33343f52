import { closeSync, fchmodSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";

/**
 * Writes a file beside its place, to be renamed into it. A failure leaves nothing.
 *
 * @param sync - it is on the disk when this returns, and not only with the system
 * @param mode - the file's rights; the process's usual ones where they are not given
 * @returns the path that it has for now
 */
export function writeBeside(
  path: string,
  content: string | Uint8Array,
  sync: boolean,
  mode?: number,
): string {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, "w");
  try {
    writeWhole(file, typeof content === "string" ? Buffer.from(content) : content);
    if (mode !== undefined) fchmodSync(file, mode & 0o7777);
    if (sync) fsyncSync(file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return temporary;
}

/** A disk that is nearly full takes a part first and refuses the rest. */
function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

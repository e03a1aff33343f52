import { renameSync, rmSync } from "node:fs";
import { diskError } from "./disk-error.js";
import { writeBeside } from "./write-beside.js";

/**
 * Writes a file so that a reader sees the old one or the new one, and a failure leaves neither a
 * temporary file nor half a file (contract, line 16). Its folder must be there.
 *
 * @param fix - what to do where the disk refuses
 * @throws FoveaError FOV0051 with the path and the system's reason
 */
export function writeAtomically(path: string, content: string | Uint8Array, fix?: string): void {
  let temporary: string | null = null;
  try {
    temporary = writeBeside(path, content, true);
    renameSync(temporary, path);
  } catch (error) {
    if (temporary !== null) rmSync(temporary, { force: true });
    throw diskError(error, path, fix);
  }
}

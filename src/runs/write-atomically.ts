import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { FoveaError } from "../ir/error.js";

/**
 * Writes a file so that a reader sees the old one or the new one, and a failure leaves neither a
 * temporary file nor half a file (contract, line 16).
 *
 * @throws FoveaError FOV0051 with the path and the system's reason
 */
export function writeAtomically(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, "w");
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw diskFailure(path, error);
  }
}

/** Says which path the disk refused, and why; anything else is passed on as it is. */
export function diskFailure(
  path: string,
  error: unknown,
  fix = "make room or give the rights, or name another folder in FOVEA_HOME",
): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new FoveaError(
    {
      code: "FOV0051",
      message: `${path} cannot be written: ${code}`,
      value: path,
      fix,
    },
    { cause: error },
  );
}

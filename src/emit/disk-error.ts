import { FoveaError } from "../ir/index.js";

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && "syscall" in error;

/** The system's refusal as an answer to the user; anything else is thrown on as it is. */
export function diskError(error: unknown, path: string): unknown {
  if (!isSystemError(error)) return error;
  return new FoveaError(
    {
      code: "FOV0051",
      message: `${path} cannot be written: ${error.message}`,
      value: path,
      fix: "free some space, or name a folder that you can write to",
    },
    { cause: error },
  );
}

import { FoveaError } from "../ir/error.js";

/** The system's own codes, such as `ENOSPC`; Node's have an underscore. */
const SYSTEM = /^E[A-Z0-9]+$/;

/** The system's refusal as an answer to the user; anything else is passed on as it is. */
export function diskError(
  error: unknown,
  path: string,
  fix = "free some space, or name a folder that you can write to",
): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (typeof error.code !== "string" || !SYSTEM.test(error.code)) return error;
  return new FoveaError(
    {
      code: "FOV0051",
      message: `${path} cannot be written: ${error.message}`,
      value: path,
      fix,
    },
    { cause: error },
  );
}

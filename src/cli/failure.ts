import type { ErrorCode } from "../ir/codes.js";
import { FoveaError, isFoveaError } from "../ir/error.js";
import { EXIT, type ExitCode } from "./command.js";
import type { Io } from "./io.js";

/** Failures of a check or a run; every other FoveaError is the user's mistake. */
const CHECK_FAILURES: ReadonlySet<ErrorCode> = new Set([
  "FOV0050",
  "FOV0051",
  "FOV0052",
  "FOV0053",
  "FOV0061",
  "FOV0072",
  "FOV0090",
]);

/**
 * Says on stderr what went wrong, and with `--json` as the one document on stdout. The tool's own
 * stack is shown with `--verbose` only.
 *
 * @param error - what was thrown; `null` stands for a command that only showed help
 * @returns the exit code
 */
export async function reportFailure(error: unknown, io: Io): Promise<ExitCode> {
  if (error === null) return EXIT.done;
  const failure = isFoveaError(error) ? error : internalFailure(error);
  const { describeError, renderError } = await import("../load/render-error.js");
  io.note(renderError(failure, { color: io.errorColor }));
  if (io.verbose && error instanceof Error && error.stack !== undefined) io.note(error.stack);
  // Where stdout is what failed, the text on stderr is all that can be said.
  if (io.json) await io.result({ error: describeError(failure) }).catch(() => {});
  return CHECK_FAILURES.has(failure.code) ? EXIT.failed : EXIT.mistake;
}

function internalFailure(error: unknown): FoveaError {
  const text = error instanceof Error ? error.message : String(error);
  return new FoveaError({
    code: "FOV0090",
    message: `fovea itself failed: ${text}`,
    fix: "run the command again with --verbose and report what it prints",
  });
}

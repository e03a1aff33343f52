import type { ErrorCode } from "../../ir/codes.js";
import { type ErrorDetails, FoveaError } from "../../ir/error.js";

/** A text that names or selects runs, and the option that it came by. */
export interface Written {
  /** Such as `--where`. */
  readonly option: string;
  readonly text: string;
}

type Code = Extract<ErrorCode, "FOV0130" | "FOV0131" | "FOV0132">;

/** A mistake in such a text; the place is shown below it. */
export function queryMistake(
  { option, text }: Written,
  index: number,
  details: Omit<ErrorDetails, "code" | "list" | "path" | "location"> & { readonly code: Code },
): FoveaError {
  // One place a character, so that the mark is below it.
  const shown = text.replaceAll(/[\s\p{Cc}]/gu, " ");
  return new FoveaError({
    ...details,
    message: `${option}, at character ${index + 1}: ${details.message}`,
    ...(shown.trim() === "" ? {} : { list: [shown, `${" ".repeat(index)}^`] }),
    path: option,
  });
}

import { ERROR_CODES, type ErrorCode } from "../../ir/codes.js";
import { FoveaError } from "../../ir/error.js";
import { EXPLANATIONS, type Explanation } from "../../ir/explanations/index.js";
import { nearest } from "../../ir/nearest.js";

/** A code with all that is said of it. */
export interface ExplainedCode extends Explanation {
  readonly code: ErrorCode;
  readonly meaning: string;
}

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

export function allCodes(): readonly ExplainedCode[] {
  return CODES.map(explained);
}

function explained(code: ErrorCode): ExplainedCode {
  return { code, meaning: ERROR_CODES[code], ...EXPLANATIONS[code] };
}

/**
 * The code that a word stands for: `FOV0012`, in any case, or its number alone.
 *
 * @throws FoveaError FOV0040 where there is none
 */
export function findCode(written: string): ExplainedCode {
  const [, digits] = /^(?:FOV)?(\d{1,4})$/i.exec(written.trim()) ?? [];
  const name = `FOV${(digits ?? "").padStart(4, "0")}`;
  const found = CODES.find((code) => code === name);
  if (found !== undefined) return explained(found);
  const close = nearest(digits === undefined ? written.toUpperCase() : name, CODES, 3);
  throw new FoveaError({
    code: "FOV0040",
    message: `there is no code ${written}`,
    path: "code",
    value: written,
    allowed: "a code as errors print it, such as FOV0012; `fovea explain` lists all",
    fix: close.length > 0 ? `did you mean ${close.join(", ")}?` : "run `fovea explain`",
  });
}

export function explanationText({ code, meaning, why, mend, example }: ExplainedCode): string {
  const shown = "file" in example ? example.file.trimEnd() : `$ ${example.command}`;
  const indented = shown.split("\n").map((line) => `    ${line}`.trimEnd());
  return [
    `${code}: ${meaning}`,
    "",
    why,
    "",
    "Example:",
    "",
    ...indented,
    "",
    `To do: ${mend}`,
  ].join("\n");
}

import { inspect } from "node:util";

/** Control characters, direction overrides (they reorder what a terminal shows), lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Text of a user's, with everything escaped that a terminal would not print. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    const digits = code.toString(16);
    return SHORT[character] ?? (code < 256 ? `\\x${digits.padStart(2, "0")}` : `\\u${digits}`);
  });
}

const MOST = 200;

/** Room for a value within a sentence. */
export const IN_A_SENTENCE = 60;

/** Any value in one line, as it would be written in TypeScript; long ones are cut. Never throws. */
export function showValue(value: unknown, most = MOST): string {
  const text = printable(inspected(value));
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function inspected(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  try {
    return inspect(value, {
      depth: 2,
      breakLength: Number.POSITIVE_INFINITY,
      compact: true,
      customInspect: false,
      maxArrayLength: 12,
      maxStringLength: MOST,
    });
  } catch {
    return `a value of type ${typeof value}`;
  }
}

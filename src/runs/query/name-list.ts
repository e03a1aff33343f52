import type { Field, Fields } from "./field.js";
import { queryMistake, type Written } from "./mistake.js";
import { nameAt } from "./name.js";

/** A name in a list of names. */
export interface ListedField extends Field {
  /** As it was written. */
  readonly raw: string;
  /** Whether it had a minus before it. */
  readonly minus: boolean;
}

/**
 * Reads names with commas between them, such as `top1,-recipe.lr`.
 *
 * @param minus - whether a name may have a minus before it
 * @throws FoveaError FOV0130 for a list that cannot be read, FOV0131 for an unknown name
 */
export function parseNames(
  written: Written,
  fields: Fields,
  { minus }: { readonly minus: boolean },
): readonly ListedField[] {
  const { text } = written;
  const found: ListedField[] = [];
  let at = skipSpaces(text, 0);
  for (;;) {
    const descending = minus && text[at] === "-";
    if (descending) at += 1;
    const name = nameAt(text, at);
    if (name === null) throw noName(written, at);
    found.push({ ...fields.resolve(name, written), raw: name.raw, minus: descending });
    at = skipSpaces(text, at + name.raw.length);
    if (at === text.length) return found;
    if (text[at] !== ",") throw noName(written, at);
    at = skipSpaces(text, at + 1);
  }
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? "")) at += 1;
  return at;
}

function noName(written: Written, index: number): Error {
  const seen = written.text[index];
  return queryMistake(written, index, {
    code: "FOV0130",
    message: seen === undefined ? "a name is missing" : `unexpected ${JSON.stringify(seen)}`,
    value: written.text,
    allowed: "names with commas between them",
    fix: `write ${written.option} ${written.option === "--sort" ? "top1,-started" : "run,top1"}`,
  });
}

/** What a Python literal is made from: JSON's values. */
export type LiteralValue =
  | string
  | number
  | boolean
  | null
  | readonly LiteralValue[]
  | { readonly [key: string]: LiteralValue };

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  if (code <= 0xffff) return `\\u${hex(code, 4)}`;
  return `\\U${hex(code, 8)}`;
}

/**
 * A Python string literal with exactly the code points of `text`. Everything outside printable
 * ASCII is escaped, so no quote, line end, control or look-alike character reaches the source.
 */
export function pythonString(text: string): string {
  let body = "";
  for (const character of text) {
    const short = SHORT_ESCAPES[character];
    if (short !== undefined) body += short;
    else body += character >= " " && character <= "~" ? character : escapeCharacter(character);
  }
  return `"${body}"`;
}

/** A number as Python reads it back: whole numbers are `int`, all others `float`, bit for bit. */
export function pythonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no Python literal`);
  return Object.is(value, -0) ? "-0.0" : String(value);
}

/** The same number, always as `float`. */
export function pythonFloat(value: number): string {
  const text = pythonNumber(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** `(1,)`, `(8, 4, 8)`: a tuple of numbers. */
export function pythonTuple(values: readonly number[]): string {
  const items = values.map(pythonNumber);
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** Nested dicts and lists, keys in their own order. */
export function pythonLiteral(value: LiteralValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value === "string") return pythonString(value);
  if (isList(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  const entries = Object.entries(value).map(
    ([key, entry]) => `${pythonString(key)}: ${pythonLiteral(entry)}`,
  );
  return `{${entries.join(", ")}}`;
}

function isList(value: object): value is readonly LiteralValue[] {
  return Array.isArray(value);
}

/** Text inside a comment: one line of printable ASCII that holds no second `#` directive. */
export function pythonComment(text: string): string {
  let body = "";
  for (const character of text) {
    const plain = character >= " " && character <= "~" && character !== "#";
    body += plain ? character : escapeCharacter(character);
  }
  return body;
}

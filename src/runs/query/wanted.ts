import { nearest } from "../../ir/nearest.js";
import type { WrittenValue } from "./condition.js";
import { type Field, TIMES } from "./field.js";
import { kindsInWords } from "./kinds.js";
import type { WrittenName } from "./name.js";

/** A value that a field is compared with, as the field has its own. */
export type Wanted = Exclude<WrittenValue["value"], null>;

/** Tells of a value that its name cannot have. */
export type Wrong = (message: string, fix: string, allowed?: string) => never;

/** The value as its field has it, after a look whether it can. */
export function wantedOf(
  field: Field,
  name: WrittenName,
  { value, raw, quoted }: WrittenValue,
  wrong: Wrong,
): Wanted {
  const { kinds } = field;
  const said = `${name.raw} is ${kindsInWords(field)}`;
  switch (typeof value) {
    case "number":
      if (kinds.has("number") || kinds.has("numbers")) return value;
      return wrong(
        `${said}, and ${raw} is a number`,
        kinds.has("text") ? `put it in quotes: "${raw}"` : `write ${name.raw} = true or false`,
      );
    case "string": {
      const isTime = TIMES.has(field.name);
      const time = isTime ? dateOf(value) : null;
      if (time !== null) return time;
      if (kinds.has("text") || kinds.has("texts")) return value;
      if (isTime) return wrong(`${said}, and ${raw} is none`, DATES);
      const isNumber = quoted && value.trim() !== "" && Number.isFinite(Number(value));
      return wrong(
        `${said}, and ${raw} is text`,
        isNumber ? "leave the quotes out" : `write ${kindsInWords(field)}`,
      );
    }
    case "boolean":
      if (kinds.has("truth")) return value;
      return wrong(`${said}, and never ${raw}`, `write ${kindsInWords(field)}`);
    default:
      if (value !== null && (kinds.has("numbers") || kinds.has("texts"))) return value;
      return wrong(`${said}, and ${raw} is a list`, `write ${kindsInWords(field)}`);
  }
}

const DATES = "write Unix seconds, or a date such as 2026-11-30 or 2026-11-30T21:05Z";

/** Unix seconds of a date or a time of ISO 8601; a date begins at midnight UTC. */
function dateOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time / 1000;
}

/** Looks whether a text is one of the few that a field can have. */
export function checkChoice(
  { choices }: Field,
  name: WrittenName,
  wanted: string,
  wrong: Wrong,
): void {
  if (choices === null || choices.includes(wanted)) return;
  const [close] = nearest(wanted, choices);
  wrong(
    `${name.raw} is never ${JSON.stringify(wanted)}`,
    close === undefined ? `write ${name.raw} = ${choices[0]}` : `did you mean ${close}?`,
    choices.join(", "),
  );
}

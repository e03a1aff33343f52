import { canonicalJson } from "../../ir/hash.js";
import type { Comparison, WrittenValue } from "./condition.js";
import type { Field } from "./field.js";
import { kindsInWords } from "./kinds.js";
import { queryMistake, type Written } from "./mistake.js";
import type { WrittenName } from "./name.js";
import { any, not, type Test } from "./truth.js";
import { checkChoice, type Wanted, type Wrong, wantedOf } from "./wanted.js";

/**
 * Makes a comparison a test of runs.
 *
 * @throws FoveaError FOV0132 for a value that its name cannot have, or cannot be compared with so
 */
export function compileComparison(
  field: Field,
  name: WrittenName,
  comparison: Comparison,
  value: WrittenValue,
  written: Written,
): Test {
  const wrong: Wrong = (message, fix, allowed = kindsInWords(field)) => {
    const details = { message, value: value.raw, allowed, fix };
    throw queryMistake(written, value.index, { code: "FOV0132", ...details });
  };
  if (value.value === null) return compareWithNothing(field, name, comparison, wrong);
  if (field.kinds.size === 1 && field.kinds.has("group")) {
    return wrong(
      `${name.raw} is a group of settings`,
      `name a setting below it, or write ${name.raw} != null`,
      `${name.raw}.SETTING`,
    );
  }
  const wanted = wantedOf(field, name, value, wrong);
  switch (comparison) {
    case "=":
    case "!=": {
      if (typeof wanted === "string") checkChoice(field, name, wanted, wrong);
      const test: Test = (run) => any(field.read(run), (each) => isEqual(each, wanted));
      return comparison === "=" ? test : (run) => not(test(run));
    }
    case "~":
      return contains(field, name, value, wrong);
    default:
      return order(field, name, comparison, wanted, wrong);
  }
}

/** A run that has no value, or `null`, or no settings below a group. */
function compareWithNothing(
  field: Field,
  name: WrittenName,
  comparison: Comparison,
  wrong: Wrong,
): Test {
  const isNothing: Test = (run) => field.read(run).length === 0 && !field.hasBelow(run);
  if (comparison === "=") return isNothing;
  if (comparison === "!=") return (run) => not(isNothing(run));
  return wrong(
    `${comparison} does not go with null`,
    `write ${name.raw} = null or ${name.raw} != null`,
  );
}

function contains(field: Field, name: WrittenName, value: WrittenValue, wrong: Wrong): Test {
  if (!field.kinds.has("text") && !field.kinds.has("texts")) {
    return wrong(
      `${name.raw} is ${kindsInWords(field)}, and ~ looks into text`,
      `compare ${name.raw} with =`,
    );
  }
  const part = String(value.value).toLowerCase();
  return (run) =>
    any(valuesIn(field.read(run), "string"), (text) => text.toLowerCase().includes(part));
}

const ORDERS: Readonly<Record<"<" | "<=" | ">" | ">=", (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function order(
  field: Field,
  name: WrittenName,
  comparison: keyof typeof ORDERS,
  wanted: Wanted,
  wrong: Wrong,
): Test {
  if (typeof wanted !== "number") {
    return wrong(
      `${comparison} compares numbers`,
      field.kinds.has("number") ? "write a number" : `compare ${name.raw} with = or ~`,
    );
  }
  const isSo = ORDERS[comparison];
  return (run) => any(valuesIn(field.read(run), "number"), (each) => isSo(each, wanted));
}

function isEqual(value: unknown, wanted: Wanted): boolean {
  if (typeof wanted === "object") return canonicalJson(value) === canonicalJson(wanted);
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

interface Types {
  readonly number: number;
  readonly string: string;
}

/** Values of a type, those in lists too. */
function valuesIn<T extends keyof Types>(values: readonly unknown[], type: T): readonly Types[T][] {
  return values.flat().filter((value): value is Types[T] => typeof value === type);
}

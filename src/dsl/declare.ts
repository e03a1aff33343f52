import type { z } from "zod";
import { FoveaError } from "../ir/error.js";
import { IN_A_SENTENCE, showValue } from "../ir/printable.js";
import { mistakeOf, unknownOption } from "./mistake.js";

/** What a call of the DSL makes of its options. */
interface Declaration<S extends z.ZodObject> {
  /** The function's name as users write it. */
  readonly what: string;
  readonly schema: S;
  /** Keys that the function writes itself. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Values of the options that were left out. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly options: unknown;
}

/**
 * Completes a call's options by their defaults and checks their shape.
 *
 * @throws FoveaError of the first option that is unknown, missing or wrong
 */
export function declare<S extends z.ZodObject>(declaration: Declaration<S>): z.infer<S> {
  const { what, schema, fixed = {}, defaults = {} } = declaration;
  const options = readOptions(what, declaration.options);
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(fixed, key) && options[key] !== fixed[key]) {
      const known = Object.keys(schema.shape).filter((each) => !Object.hasOwn(fixed, each));
      throw unknownOption(what, [key], options, known);
    }
  }
  return parse(what, schema, { ...defaults, ...options, ...fixed });
}

/** @throws FoveaError where the value does not fit the schema */
export function parse<S extends z.ZodType>(what: string, schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw mistakeOf(result.error, what, schema, value);
  return result.data;
}

/**
 * A plain object's own entries, each read once; those that are `undefined` were not given.
 *
 * @throws FoveaError where the value is no plain object
 */
export function readOptions(what: string, value: unknown): Record<string, unknown> {
  if (!isPlainObject(value)) {
    const given = value !== undefined;
    throw new FoveaError({
      code: given ? "FOV0001" : "FOV0003",
      message: `${what}() takes an object of options${given ? `, not ${showValue(value, IN_A_SENTENCE)}` : ""}`,
      value,
      allowed: "a plain object",
      fix: `write ${what}({ … })`,
    });
  }
  const options: Record<string, unknown> = Object.create(null);
  const [symbol] = Object.getOwnPropertySymbols(value);
  if (symbol !== undefined)
    throw unknownOption(what, [symbol.toString()], {}, ["options named by text"]);
  for (const key of Object.keys(value)) {
    const option: unknown = Reflect.get(value, key);
    if (option !== undefined) options[key] = option;
  }
  return options;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Declared objects are shared between networks and experiments, so nobody may change one. */
export function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) freeze(each);
  }
  return value;
}

import { FoveaError, isFoveaError } from "../../ir/error.js";
import { IN_A_SENTENCE, printable, showValue } from "../../ir/printable.js";
import { plainCopy } from "./plain-copy.js";

/**
 * Calls a function that stands in a sweep. A mistake of the DSL's within it passes: it has its own
 * place.
 *
 * @param path - the way to the function from the sweep's options
 * @throws FoveaError FOV0111 for whatever else it throws
 */
export function callWritten<T>(path: string, allowed: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    if (isFoveaError(thrown)) throw thrown;
    const said = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : showValue(thrown);
    const details = {
      code: "FOV0111",
      message: `the function ${path} throws ${printable(said)}`,
      path,
      allowed,
      fix: "mend what throws in it",
    } as const;
    throw new FoveaError(details, { cause: thrown });
  }
}

/** What a function in a sweep gave, and should not have. */
export function wrongResult(
  path: string,
  given: unknown,
  { allowed, fix }: { readonly allowed: string; readonly fix: string },
): FoveaError {
  const promised = given instanceof Promise;
  return new FoveaError({
    code: "FOV0111",
    message: `the function ${path} returns ${promised ? "a promise" : showValue(given, IN_A_SENTENCE)}`,
    path,
    value: given,
    allowed,
    fix: promised ? "make it a function that is not async, and await before the sweep" : fix,
  });
}

const VALUE = "a value for the axis: plain data, or what the DSL's functions return";

/** The value that a function on an axis gives, copied and frozen. */
export function makeValue(path: string, make: () => unknown): unknown {
  const given = callWritten(path, VALUE, make);
  const value = plainCopy(given);
  if (value !== undefined) return value;
  throw wrongResult(path, given, { allowed: VALUE, fix: "return a value" });
}

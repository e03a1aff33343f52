import { freeze } from "../declare.js";

/**
 * A frozen copy of a value that can be copied and written as JSON without a loss that nobody asked
 * for; `undefined` for one that cannot: with a function, a symbol, a promise or a proxy in it, or
 * `undefined` itself, which is what a function without `return` gives.
 */
export function plainCopy(value: unknown): unknown {
  try {
    return freeze(structuredClone(value));
  } catch {
    return undefined;
  }
}

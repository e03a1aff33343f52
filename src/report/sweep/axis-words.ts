import { canonicalJson, contentHash } from "../../ir/hash.js";
import { printable } from "../../ir/printable.js";

/** Longer values are cut. */
const MOST = 48;

/** A setting's value for a table: lists without brackets, what has a name by its name. */
export function axisWords(value: unknown): string {
  if (typeof value === "string") return cut(printable(value));
  if (Array.isArray(value)) return cut(value.map(axisWords).join(", "));
  if (typeof value === "object" && value !== null) {
    const name: unknown = "name" in value ? value.name : undefined;
    return typeof name === "string" ? cut(printable(name)) : cut(canonicalJson(value));
  }
  if (value === null || value === undefined) return "none";
  return String(value);
}

function cut(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text;
}

/** Tells values of an axis apart. */
export function axisKey(value: unknown): string {
  return canonicalJson(value ?? null);
}

/**
 * Words for the values of one axis by their {@link axisKey}. Where two that differ would read the
 * same, digits of their hash tell them apart.
 */
export function distinctWords(values: readonly unknown[]): ReadonlyMap<string, string> {
  const distinct = new Map(values.map((value) => [axisKey(value), value]));
  const counts = new Map<string, number>();
  for (const value of distinct.values()) {
    const words = axisWords(value);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return new Map(
    [...distinct].map(([key, value]) => {
      const words = axisWords(value);
      const digits = contentHash(value ?? null).slice(0, 4);
      return [key, counts.get(words) === 1 ? words : `${words} #${digits}`];
    }),
  );
}

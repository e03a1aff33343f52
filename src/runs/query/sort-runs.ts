import type { ListedField } from "./name-list.js";

/**
 * Sorts by fields, the first one first; what is equal keeps its order. Numbers go up, and text and
 * truths (false, then true) after them; a minus turns a field's order round. What has no value is
 * last either way.
 *
 * @param read - the value of a field, `null` where there is none
 */
export function sortByFields<T>(
  items: readonly T[],
  fields: readonly ListedField[],
  read: (item: T, field: ListedField) => unknown,
): readonly T[] {
  const keyed = items.map((item) => ({ item, keys: fields.map((field) => read(item, field)) }));
  keyed.sort((a, b) => {
    for (const [index, { minus }] of fields.entries()) {
      const order = compare(a.keys[index], b.keys[index], minus);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

function compare(a: unknown, b: unknown, minus: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = rank(a) - rank(b) || inOrder(comparable(a), comparable(b));
  return minus ? -order : order;
}

function rank(value: unknown): number {
  return typeof value === "number" ? 0 : typeof value === "string" ? 1 : 2;
}

function comparable(value: unknown): number | string {
  if (typeof value === "number" || typeof value === "string") return value;
  return typeof value === "boolean" ? Number(value) : JSON.stringify(value);
}

function inOrder(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

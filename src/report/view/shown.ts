import { printable } from "../../ir/printable.js";

/** A view with every text fit to be shown: control characters but line feeds are escaped. */
export function shown<T>(view: T): T {
  return shownValue(view) as T;
}

function shownValue(value: unknown): unknown {
  if (typeof value === "string") return value.split("\n").map(printable).join("\n");
  if (Array.isArray(value)) return value.map(shownValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [printable(key), shownValue(item)]),
  );
}

import { showValue } from "../ir/printable.js";
import { type Column, plainTable } from "./table.js";

const COLUMNS: readonly Column[] = [
  ["", "left"],
  ["A", "left"],
  ["B", "left"],
];

/** What is not the same of two things, a row each; `none` stands for a value that one does not have. */
export function differenceTable(
  rows: readonly { readonly path: string; readonly a: unknown; readonly b: unknown }[],
  none: string,
): string {
  const shown = (value: unknown): string => (value === null ? none : showValue(value));
  return plainTable(
    COLUMNS,
    rows.map(({ path, a, b }) => [path, shown(a), shown(b)]),
  );
}

import { parquetWriteBuffer } from "hyparquet-writer";
import { csv } from "./csv.js";
import type { ExportColumn } from "./export-table.js";

/** As CSV: lists as JSON, nothing where there is no value. */
export function exportCsv(columns: readonly ExportColumn[], rows: number): string {
  const heads = columns.map(({ name }) => name);
  const cells = Array.from({ length: rows }, (_, at) =>
    columns.map(({ values }) => {
      const value = values[at];
      if (value === null || value === undefined) return null;
      return typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
    }),
  );
  return csv([heads, ...cells]);
}

/** As a list of flat objects. */
export function exportRecords(
  columns: readonly ExportColumn[],
  rows: number,
): readonly Readonly<Record<string, unknown>>[] {
  return Array.from({ length: rows }, (_, at) =>
    Object.fromEntries(columns.map(({ name, values }) => [name, values[at] ?? null])),
  );
}

/**
 * As Parquet: numbers are doubles, which every count of ours fits; a column that mixes kinds, or
 * has lists, is JSON in text.
 */
export function exportParquet(columns: readonly ExportColumn[]): Uint8Array {
  const columnData = columns.map(({ name, values }) => ({ name, ...typed(values) }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

type Typed =
  | { readonly type: "DOUBLE"; readonly data: (number | null)[] }
  | { readonly type: "BOOLEAN"; readonly data: (boolean | null)[] }
  | { readonly type: "STRING"; readonly data: (string | null)[] };

function typed(values: readonly unknown[]): Typed {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  const [type] = types;
  if (types.size === 1 && type === "number") {
    return { type: "DOUBLE", data: values as (number | null)[] };
  }
  if (types.size === 1 && type === "boolean") {
    return { type: "BOOLEAN", data: values as (boolean | null)[] };
  }
  if (types.size <= 1 && type !== "object") {
    return { type: "STRING", data: values as (string | null)[] };
  }
  const data = values.map((value) => (value === null ? null : JSON.stringify(value)));
  return { type: "STRING", data };
}

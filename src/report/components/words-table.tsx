import type { JSX } from "preact";
import type { TextTable } from "../table.js";
import { DataTable } from "./data-table.js";

/** The table that a terminal shows in plain text. */
export function WordsTable({ table }: { readonly table: TextTable }): JSX.Element {
  return (
    <DataTable
      columns={table.columns}
      rows={table.rows.map((cells, index) => ({ key: `${index}`, cells }))}
    />
  );
}

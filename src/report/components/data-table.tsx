import type { ComponentChildren, JSX } from "preact";
import type { Column } from "../table.js";

interface Props {
  readonly columns: readonly Column[];
  readonly rows: readonly {
    readonly key: string;
    /** As many as there are columns; the first one is the row's head. */
    readonly cells: readonly ComponentChildren[];
  }[];
}

/** A table that scrolls inside its own box where the page is too narrow for it. */
export function DataTable({ columns, rows }: Props): JSX.Element {
  const side = (index: number): string | undefined =>
    columns[index]?.[1] === "right" ? "number" : undefined;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keys
    <div class="wide" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(([head], index) => (
              <th key={`${index} ${head}`} scope="col" class={side(index)}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [first, ...others] }) => (
            <tr key={key}>
              <th scope="row" class={side(0)}>
                {first}
              </th>
              {others.map((cell, index) => (
                <td key={columns[index + 1]?.[0]} class={side(index + 1)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ListedRow } from "../wire.js";
import type { Column } from "./columns.js";

interface Props {
  readonly columns: readonly Column[];
  readonly rows: readonly ListedRow[];
  readonly sort: { readonly key: string; readonly descending: boolean };
  readonly onSort: (key: string) => void;
  /** Another one where other rows are asked for: what comes up stands at its top. */
  readonly asked: string;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (id: string) => void;
}

/** Pixels of a row; the style sheet has the same. */
const ROW = 36;
/** Rows that are drawn above and below those that are seen. */
const SPARE = 12;

/** A table of which only the rows that are seen exist: ten thousand scroll as ten do. */
export function RunTable(props: Props): JSX.Element {
  const { columns, rows, sort, onSort, asked, chosen, onChoose } = props;
  const box = useRef<HTMLDivElement>(null);
  const [{ top, height }, setWindow] = useState({ top: 0, height: 800 });
  const [active, setActive] = useState<number | null>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => setWindow({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  useEffect(() => {
    setActive(null);
    box.current?.scrollTo(0, 0);
  }, [asked]);
  // The row that the keys have reached may not have existed before it was scrolled to.
  useEffect(() => {
    if (active !== null)
      box.current?.querySelector<HTMLElement>(`[data-row="${active}"] a`)?.focus();
  }, [active, top]);

  const from = Math.max(0, Math.floor(top / ROW) - SPARE);
  const to = Math.min(rows.length, Math.ceil((top + height) / ROW) + SPARE);
  const goTo = (index: number): void => {
    const row = Math.max(0, Math.min(rows.length - 1, index));
    const element = box.current;
    if (element === null) return;
    // The head stays in view and hides a row's height.
    const [least, most] = [row * ROW + 2 * ROW - element.clientHeight, row * ROW];
    element.scrollTop = Math.min(Math.max(element.scrollTop, least), most);
    setActive(row);
  };
  const onKey = (event: KeyboardEvent): void => {
    const current = active ?? from;
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active === null ? current : current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    };
    const move = moves[event.key];
    const row = rows[current];
    if (move !== undefined) goTo(move);
    else if (event.key === " " && active !== null && row !== undefined) onChoose(row.run);
    else return;
    event.preventDefault();
  };
  return (
    <section
      class="rows"
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keys
      tabIndex={0}
      aria-label="Runs; arrow keys move, space chooses for a comparison"
      onKeyDown={onKey}
    >
      <table aria-rowcount={rows.length + 1}>
        <colgroup>
          <col style={{ "--width": "2.25rem", "--narrow": "2rem" }} />
          {columns.map(({ key, width, narrow }) => (
            <col
              key={key}
              class={narrow === null ? "extra" : undefined}
              style={{ "--width": width, "--narrow": narrow ?? "0" }}
            />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">
              <span class="hidden">compare</span>
            </th>
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={from} />
          {rows.slice(from, to).map((row, index) => (
            <tr key={row.run} data-row={from + index} aria-rowindex={from + index + 2}>
              <td>
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={`compare ${row.run}`}
                  checked={chosen.has(row.run)}
                  onChange={() => onChoose(row.run)}
                />
              </td>
              {columns.map((column) => (
                <td key={column.key} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Gap rows={rows.length - to} />
        </tbody>
      </table>
    </section>
  );
}

/** Stands for rows that are not drawn. */
function Gap({ rows }: { readonly rows: number }): JSX.Element | null {
  return rows <= 0 ? null : <tr aria-hidden style={{ height: `${rows * ROW}px` }} />;
}

interface HeadProps extends Pick<Props, "sort" | "onSort"> {
  readonly column: Column;
}

function Head({ column, sort, onSort }: HeadProps): JSX.Element {
  const isSorted = sort.key === column.key;
  const order = sort.descending ? "descending" : "ascending";
  return (
    <th scope="col" class={classOf(column)} aria-sort={isSorted ? order : "none"}>
      <button type="button" class="plain" onClick={() => onSort(column.key)}>
        {column.head}
        <span aria-hidden>{isSorted ? (sort.descending ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

function classOf({ isNumber, narrow }: Column): string {
  return [isNumber ? "number" : "", narrow === null ? "extra" : ""].join(" ").trim();
}

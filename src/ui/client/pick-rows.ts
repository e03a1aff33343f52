import type { RunStatus } from "../../ir/event.js";
import type { ListedRow } from "../wire.js";
import type { Column } from "./columns.js";

/** Which rows are shown, and in what order. */
export interface Pick {
  /** Words that a run has all of, anywhere in its names or status. */
  readonly words: string;
  /** Any where there is none. */
  readonly status: RunStatus | null;
  readonly column: Column;
  readonly descending: boolean;
}

export function pickRows(
  rows: Iterable<ListedRow>,
  { words, status, column, descending }: Pick,
): readonly ListedRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const picked = [...rows].filter(
    (row) => (status === null || row.status === status) && hasAll(row, wanted),
  );
  const sign = descending ? -1 : 1;
  return picked.sort((a, b) => {
    const [one, other] = [column.value(a), column.value(b)];
    if (one === other) return a.run < b.run ? -1 : 1;
    if (one === null) return 1;
    if (other === null) return -1;
    return one < other ? -sign : sign;
  });
}

function hasAll({ run, network, status, seed }: ListedRow, words: readonly string[]): boolean {
  const text = `${run} ${network} ${status} seed=${seed}`;
  return words.every((word) => text.includes(word));
}

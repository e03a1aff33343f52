import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import type { RunStatus } from "../../ir/event.js";
import { Status } from "../../report/components/status.js";
import { figure } from "../../report/figures.js";
import type { ListedRow } from "../wire.js";
import { columnsOf, listedMetrics } from "./columns.js";
import type { Live } from "./live.js";
import { pickRows } from "./pick-rows.js";
import { hrefOf } from "./route.js";
import { RunTable } from "./run-table.js";
import { useLive } from "./use-live.js";

/** Curves beyond these are not told apart any more. */
const MOST_COMPARED = 8;

/** All runs, to filter, sort and choose from. */
export function ListPage({ live }: { readonly live: Live }): JSX.Element {
  const turn = useLive(live);
  const [words, setWords] = useState("");
  const [status, setStatus] = useState<RunStatus | null>(null);
  const [sort, setSort] = useState({ key: "started", descending: true });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const metrics = useMemo(() => listedMetrics(live.rows.values()).join(), [turn]);
  const columns = useMemo(() => columnsOf(metrics === "" ? [] : metrics.split(",")), [metrics]);
  const rows = useMemo(() => {
    const column = columns.find(({ key }) => key === sort.key) ?? columns[0];
    if (column === undefined) return [];
    return pickRows(live.rows.values(), { words, status, column, descending: sort.descending });
  }, [turn, words, status, sort, columns]);
  const choose = useCallback((id: string) => {
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(id) && after.size < MOST_COMPARED) after.add(id);
      return after;
    });
  }, []);
  const onSort = (key: string): void =>
    setSort((before) => ({
      key,
      descending: before.key === key ? !before.descending : key !== "run" && key !== "status",
    }));
  if (live.connection === "connecting") return <p class="soft">Reading the runs…</p>;
  if (live.rows.size === 0) {
    return (
      <p class="soft">
        There are no runs in {live.home} yet. The first one appears here when it starts.
      </p>
    );
  }
  return (
    <div class="list">
      <div class="tools">
        <label class="filter">
          <span>Filter</span>
          <input
            type="search"
            placeholder="words of a name, network or status"
            value={words}
            onInput={({ currentTarget }) => setWords(currentTarget.value)}
          />
        </label>
        <StatusChoice rows={live.rows.values()} chosen={status} onChoose={setStatus} />
        <Compare chosen={chosen} onClear={() => setChosen(new Set())} />
      </div>
      <RunTable
        columns={columns}
        rows={rows}
        sort={sort}
        onSort={onSort}
        asked={`${words} ${status} ${sort.key} ${sort.descending}`}
        chosen={chosen}
        onChoose={choose}
      />
      <p class="soft count" aria-live="polite">
        {rows.length === live.rows.size
          ? `${figure(rows.length)} ${rows.length === 1 ? "run" : "runs"}`
          : `${figure(rows.length)} of ${figure(live.rows.size)} runs`}
      </p>
    </div>
  );
}

interface StatusChoiceProps {
  readonly rows: Iterable<ListedRow>;
  readonly chosen: RunStatus | null;
  readonly onChoose: (status: RunStatus | null) => void;
}

/** How many runs stand how; pressed, only those are shown. */
function StatusChoice({ rows, chosen, onChoose }: StatusChoiceProps): JSX.Element {
  const counts = new Map<RunStatus, number>();
  for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  if (chosen !== null && !counts.has(chosen)) counts.set(chosen, 0);
  return (
    <fieldset class="statuses">
      <legend class="hidden">Status</legend>
      {[...counts].sort().map(([status, count]) => (
        <button
          key={status}
          type="button"
          aria-pressed={status === chosen}
          onClick={() => onChoose(status === chosen ? null : status)}
        >
          <Status status={status} /> {figure(count)}
        </button>
      ))}
    </fieldset>
  );
}

interface CompareProps {
  readonly chosen: ReadonlySet<string>;
  readonly onClear: () => void;
}

function Compare({ chosen, onClear }: CompareProps): JSX.Element | null {
  if (chosen.size === 0) return null;
  return (
    <div class="compare">
      {chosen.size === 1 ? (
        <span class="soft">choose another run to compare</span>
      ) : (
        <a class="button" href={hrefOf({ view: "compare", ids: [...chosen] })}>
          compare {chosen.size} runs
        </a>
      )}
      <button type="button" onClick={onClear}>
        clear
      </button>
    </div>
  );
}

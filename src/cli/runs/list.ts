import type { RunRecord } from "../../ir/run.js";
import { cellText, columnHead, groupCellText } from "../../report/column-text.js";
import { groupTable } from "../../report/group-table.js";
import { runTable } from "../../report/run-table.js";
import { type Column, plainTable } from "../../report/table.js";
import { cellOf, type GroupCell, groupCellOf } from "../../runs/query/cell.js";
import { type ListedField, parseNames } from "../../runs/query/name-list.js";
import { type Selection, selectRuns } from "../../runs/query/select-runs.js";
import { sortByFields } from "../../runs/query/sort-runs.js";
import { runRecord } from "../../runs/records.js";
import type { IndexedRun } from "../../runs/run-index.js";
import type { RunRow } from "../../runs/run-row.js";
import { groupBySeeds, type SeedGroup } from "../../runs/seed-groups.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { parseWhole } from "../whole.js";

/** Options of `fovea runs list`. */
export interface ListOptions {
  readonly where?: string;
  readonly sort?: string;
  readonly columns?: string;
  readonly limit?: string;
  readonly mean?: boolean;
}

const LIMIT = { option: "--limit", most: 1e9, unit: "rows", example: "20" };

/**
 * Prints the runs of a home, or means over their seeds.
 *
 * @throws FoveaError FOV0040, FOV0130, FOV0131, FOV0132 for an option that cannot be used
 */
export async function listCommand(io: Io, home: string, options: ListOptions): Promise<ExitCode> {
  const limit = options.limit === undefined ? undefined : parseWhole(options.limit, LIMIT);
  const { runs, fields, all } = await selectRuns(home, options.where);
  const named = (option: "sort" | "columns"): readonly ListedField[] | null => {
    const text = options[option];
    const written = { option: `--${option}`, text: text ?? "" };
    return text === undefined ? null : parseNames(written, fields, { minus: option === "sort" });
  };
  const asked = { sort: named("sort") ?? [], columns: named("columns"), limit };
  if (options.mean === true) await printGroups(io, runs, asked);
  else await printRuns(io, runs, asked);
  if (runs.length === 0 && !io.json) {
    io.note(all === 0 ? `no runs in ${home}` : `none of the ${all} runs in ${home} is selected`);
  }
  return EXIT.done;
}

interface Asked {
  readonly sort: readonly ListedField[];
  readonly columns: readonly ListedField[] | null;
  readonly limit: number | undefined;
}

async function printRuns(io: Io, runs: Selection["runs"], asked: Asked): Promise<void> {
  const { sort, columns, limit } = asked;
  const shown = sortByFields(runs, sort, cellOf).slice(0, limit);
  if (io.json) {
    const rows = shown.map((run) =>
      columns === null ? run.row : { ...run.row, columns: byName(columns, (f) => cellOf(run, f)) },
    );
    await io.result({ runs: rows });
  } else if (shown.length === 0) {
    return;
  } else if (columns === null) {
    await io.print(runTable(shown.map(({ row }) => row)));
  } else {
    const cells = shown.map((run) => columns.map((field) => cellText(cellOf(run, field), field)));
    await io.print(plainTable(columns.map(head), cells));
  }
}

interface Group extends SeedGroup<RunRow> {
  readonly indexed: readonly IndexedRun[];
}

async function printGroups(io: Io, runs: Selection["runs"], asked: Asked): Promise<void> {
  const { sort, columns, limit } = asked;
  const byId = new Map(runs.map((run) => [run.row.run, run]));
  const groups = groupBySeeds(runs.map(({ row }) => row)).map(
    (group): Group => ({
      ...group,
      indexed: group.runs.flatMap(({ run }) => byId.get(run) ?? []),
    }),
  );
  const cell = (group: Group, field: ListedField): GroupCell => groupCellOf(group.indexed, field);
  const shown = sortByFields(groups, sort, (group, field) => plain(cell(group, field))).slice(
    0,
    limit,
  );
  if (io.json) {
    await io.result({
      runs: shown.flatMap((group) => group.runs),
      groups: shown.map((group) => groupDocument(group, columns, cell)),
    });
    return;
  }
  if (shown.length === 0) {
    if (runs.length > 0) io.note("no completed runs: means are over those alone");
    return;
  }
  if (columns === null) await io.print(groupTable(shown, shown.flatMap(recordOf)));
  else {
    const cells = shown.map((group) => [
      ...columns.map((field) => groupCellText(cell(group, field), field, group.runs.length)),
      String(group.runs.length),
    ]);
    await io.print(plainTable([...columns.map(head), ["runs", "right"]], cells));
  }
  const counted = shown.reduce((total, group) => total + group.runs.length, 0);
  io.note(`means ± sample standard deviations over seeds, of ${counted} completed runs`);
}

function recordOf({ runs: [run] }: Group): readonly RunRecord[] {
  return run === undefined ? [] : [runRecord(run.dir, run.run)];
}

function groupDocument(
  group: Group,
  columns: readonly ListedField[] | null,
  cell: (group: Group, field: ListedField) => GroupCell,
) {
  const { unseeded, runs, metrics } = group;
  return {
    name: runs[0]?.name,
    network: runs[0]?.network,
    unseeded,
    n: runs.length,
    seeds: runs.map(({ seed }) => seed),
    runs: runs.map(({ run }) => run),
    metrics,
    ...(columns === null ? {} : { columns: byName(columns, (f) => inJson(cell(group, f))) }),
  };
}

function head(field: ListedField): Column {
  return [columnHead(field.raw, field), field.kinds.has("text") ? "left" : "right"];
}

function byName(fields: readonly ListedField[], value: (field: ListedField) => unknown) {
  return Object.fromEntries(fields.map((field) => [field.raw, value(field)]));
}

/** What groups are sorted by: the mean, or the first of several values. */
function plain(cell: GroupCell): unknown {
  return "spread" in cell ? cell.spread.mean : (cell.values[0] ?? null);
}

/** What was measured with its spread, a setting that all have as it is. */
function inJson(cell: GroupCell): unknown {
  if ("spread" in cell) return cell.spread;
  return cell.values.length > 1 ? cell.values : (cell.values[0] ?? null);
}

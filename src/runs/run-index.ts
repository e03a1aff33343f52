import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type BetterSqlite3 from "better-sqlite3";
import { runFolders, runsDirectory } from "./run-directory.js";
import { asItStands, type RunRow, readRow } from "./run-row.js";

/** Goes up when a row's form, or what it says of a run, changes: older indexes are made anew. */
const FORM = 3;
const WATCHED = ["run.json", "status.json", "events.jsonl"];

interface IndexedRow {
  readonly id: string;
  readonly print: string;
  readonly row: string;
}

interface ReadRow {
  readonly print: string;
  readonly row: RunRow;
  /** Whether the index does not have it. */
  readonly stale: boolean;
}

/**
 * All runs of a home, oldest first. The folders are the truth; `index.sqlite` only spares reading
 * the events of those that have not changed, and is made anew where it is missing or rubbish
 * (contract, line 29). A home that cannot be written is listed without it.
 */
export async function listRuns(home: string): Promise<readonly RunRow[]> {
  const folders = runFolders(home);
  if (folders.length === 0) return [];
  const index = await openIndex(home);
  try {
    const known = readIndex(index);
    const rows = new Map<string, ReadRow>();
    for (const id of folders) {
      const directory = join(runsDirectory(home), id);
      const print = fingerprint(directory);
      if (print === null) continue;
      const indexed = known.get(id);
      const kept = indexed?.print === print ? parseRow(indexed.row) : null;
      const row = kept ?? readRow(id, directory);
      // The home may have been moved since the row was written.
      if (row !== null)
        rows.set(id, { print, stale: kept === null, row: { ...row, run: id, dir: directory } });
    }
    writeIndex(index, known, rows);
    return [...rows.values()]
      .map(({ row }) => asItStands(row))
      .sort((a, b) => a.started - b.started || (a.run < b.run ? -1 : 1));
  } finally {
    index?.close();
  }
}

/** Changes when one of the files that a row is read from does; `null` where the folder is no run. */
function fingerprint(directory: string): string | null {
  const prints = WATCHED.map((name) => {
    try {
      const { ino, size, mtimeNs } = statSync(join(directory, name), { bigint: true });
      return `${ino}.${size}.${mtimeNs}`;
    } catch {
      return "-";
    }
  });
  return prints[0] === "-" ? null : prints.join(" ");
}

function parseRow(text: string): RunRow | null {
  try {
    return JSON.parse(text) as RunRow;
  } catch {
    return null;
  }
}

async function openIndex(home: string): Promise<BetterSqlite3.Database | null> {
  const path = join(home, "index.sqlite");
  try {
    const { default: Database } = await import("better-sqlite3");
    try {
      return prepare(new Database(path));
    } catch (error) {
      if (!isRubbish(error)) throw error;
      for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(path + end, { force: true });
      return prepare(new Database(path));
    }
  } catch {
    return null;
  }
}

function isRubbish(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^SQLITE_(NOTADB|CORRUPT|ERROR|SCHEMA|MISMATCH)/.test(code);
}

function prepare(database: BetterSqlite3.Database): BetterSqlite3.Database {
  try {
    database.pragma("busy_timeout = 5000");
    database.pragma("journal_mode = WAL");
    if (database.pragma("user_version", { simple: true }) !== FORM) {
      database.exec("DROP TABLE IF EXISTS runs");
      database.pragma(`user_version = ${FORM}`);
    }
    database.exec(
      "CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, print TEXT NOT NULL, row TEXT NOT NULL)",
    );
    // Finds a table of another form or a page that was overwritten, before anything relies on it.
    database.prepare("SELECT id, print, row FROM runs").all();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function readIndex(index: BetterSqlite3.Database | null): Map<string, IndexedRow> {
  const rows = index?.prepare<[], IndexedRow>("SELECT id, print, row FROM runs").all() ?? [];
  return new Map(rows.map((row) => [row.id, row]));
}

function writeIndex(
  index: BetterSqlite3.Database | null,
  known: ReadonlyMap<string, IndexedRow>,
  rows: ReadonlyMap<string, ReadRow>,
): void {
  if (index === null) return;
  try {
    const put = index.prepare("INSERT OR REPLACE INTO runs (id, print, row) VALUES (?, ?, ?)");
    const drop = index.prepare("DELETE FROM runs WHERE id = ?");
    index.transaction(() => {
      for (const [id, { print, row, stale }] of rows) {
        if (stale) put.run(id, print, JSON.stringify(row));
      }
      for (const id of known.keys()) if (!rows.has(id)) drop.run(id);
    })();
  } catch {
    // A full or read-only disk: the rows are right all the same.
  }
}

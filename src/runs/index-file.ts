import { rmSync } from "node:fs";
import { join } from "node:path";
import type BetterSqlite3 from "better-sqlite3";

/** Goes up when a row's form, or what it says of a run, changes: older and newer indexes are made anew. */
const FORM = 4;

/** A run as the index keeps it; `row` and `settings` are JSON. */
export interface IndexedRecord {
  readonly id: string;
  readonly print: string;
  readonly row: string;
  /** JSON of the settings' paths. */
  readonly shape: string;
  /** JSON of the settings' values, in the order of their paths. */
  readonly settings: string;
}

/** What is read of it; settings only where they were asked for. */
export interface FoundRecord extends Omit<IndexedRecord, "shape" | "settings"> {
  readonly shape: number;
  readonly settings: string | null;
}

interface Contents {
  readonly records: ReadonlyMap<string, FoundRecord>;
  /** JSON of the settings' paths, by the number that records have. */
  readonly shapes: ReadonlyMap<number, string>;
}

const NOTHING: Contents = { records: new Map(), shapes: new Map() };

/**
 * `index.sqlite` of a home: it only spares reading runs that have not changed. Nothing here throws:
 * what is missing, damaged or of another form is made anew, and where the home cannot be written,
 * another process does not let go of it, or SQLite could not be installed, there is no index.
 */
export class IndexFile {
  #path: string;
  #open: ((path: string) => BetterSqlite3.Database) | null;
  #database: BetterSqlite3.Database | null = null;

  private constructor(home: string, Database: typeof BetterSqlite3 | null) {
    this.#path = join(home, "index.sqlite");
    this.#open = Database && ((path) => prepare(new Database(path)));
  }

  static async of(home: string): Promise<IndexFile> {
    return new IndexFile(home, await sqlite());
  }

  read(withSettings: boolean): Contents {
    return this.#try((database) => readContents(database, withSettings)) ?? NOTHING;
  }

  /** Keeps records, and forgets those that are gone. */
  write(changed: readonly IndexedRecord[], gone: readonly string[]): void {
    if (changed.length > 0 || gone.length > 0) {
      this.#try((database) => writeContents(database, changed, gone));
    }
  }

  close(): void {
    try {
      this.#database?.close();
    } catch {
      // It was damaged, and is made anew by the next one.
    }
    this.#database = null;
  }

  /** Does something with the index; with a new, empty one where it turns out to be damaged. */
  #try<T>(action: (database: BetterSqlite3.Database) => T): T | null {
    if (this.#open === null) return null;
    for (const fresh of [false, true]) {
      try {
        if (fresh) this.#remove();
        this.#database ??= this.#open(this.#path);
        return action(this.#database);
      } catch (error) {
        if (!isDamage(error)) return null;
      }
    }
    return null;
  }

  #remove(): void {
    this.close();
    for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(this.#path + end, { force: true });
  }
}

/**
 * SQLite's module; `null` where it is not installed. It is compiled where no binary fits, and so
 * optional: a machine without a compiler lists its runs from their folders.
 */
export async function sqlite(): Promise<typeof BetterSqlite3 | null> {
  try {
    const { default: Database } = await import("better-sqlite3");
    new Database(":memory:").close();
    return Database;
  } catch {
    return null;
  }
}

function isDamage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^SQLITE_(NOTADB|CORRUPT|ERROR|SCHEMA|MISMATCH)/.test(code);
}

function prepare(database: BetterSqlite3.Database): BetterSqlite3.Database {
  try {
    database.pragma("busy_timeout = 5000");
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    if (formOf(database) !== FORM) database.transaction(makeTables).immediate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function formOf(database: BetterSqlite3.Database): unknown {
  return database.pragma("user_version", { simple: true });
}

function makeTables(database: BetterSqlite3.Database): void {
  // Another process may have made them meanwhile.
  if (formOf(database) === FORM) return;
  database.exec(`
    DROP TABLE IF EXISTS runs;
    DROP TABLE IF EXISTS shapes;
    CREATE TABLE shapes (shape INTEGER PRIMARY KEY, paths TEXT NOT NULL UNIQUE);
    CREATE TABLE runs (
      id TEXT PRIMARY KEY,
      print TEXT NOT NULL,
      row TEXT NOT NULL,
      shape INTEGER NOT NULL,
      settings TEXT NOT NULL
    );
    PRAGMA user_version = ${FORM};
  `);
}

function readContents(database: BetterSqlite3.Database, withSettings: boolean): Contents {
  const settings = withSettings ? "settings" : "NULL AS settings";
  const read = database.transaction(() => ({
    records: database
      .prepare<[], FoundRecord>(`SELECT id, print, row, shape, ${settings} FROM runs`)
      .all(),
    shapes: database.prepare<[], { shape: number; paths: string }>("SELECT * FROM shapes").all(),
  }));
  const { records, shapes } = read();
  return {
    records: new Map(records.map((record) => [record.id, record])),
    shapes: new Map(shapes.map(({ shape, paths }) => [shape, paths])),
  };
}

function writeContents(
  database: BetterSqlite3.Database,
  changed: readonly IndexedRecord[],
  gone: readonly string[],
): void {
  const shape = database.prepare("INSERT OR IGNORE INTO shapes (paths) VALUES (?)");
  const put = database.prepare(
    `INSERT OR REPLACE INTO runs (id, print, row, shape, settings)
     VALUES (?, ?, ?, (SELECT shape FROM shapes WHERE paths = ?), ?)`,
  );
  const drop = database.prepare("DELETE FROM runs WHERE id = ?");
  const write = database.transaction(() => {
    for (const paths of new Set(changed.map((record) => record.shape))) shape.run(paths);
    for (const { id, print, row, shape, settings } of changed) {
      put.run(id, print, row, shape, settings);
    }
    for (const id of gone) drop.run(id);
  });
  write.immediate();
}
